/** Milliseconds between two looks; a browser makes four of it where timers follow each other. */
const LOOK = 1;

/**
 * Has a device tell in time what it has done. Firefox looks whether a device is done at each submit, and else every 100 ms
 * only (Mozilla's bug 1870699), so that every read-back would take as long. While something is waited for, it is handed
 * empty submits.
 */
export function nudgeWhileWaiting(device: GPUDevice): void {
  if (Object.hasOwn(device, "createBuffer")) return; // it is nudged already
  const { queue } = device;
  let [open, looking] = [0, false];
  const look = (): void => {
    looking = open > 0;
    if (!looking) return;
    queue.submit([]);
    setTimeout(look, LOOK);
  };
  const nudged = <Result>(promise: Promise<Result>): Promise<Result> => {
    open += 1;
    const close = () => {
      open -= 1;
    };
    promise.then(close, close);
    if (!looking) setTimeout(look, LOOK);
    looking = true;
    return promise;
  };
  const done = queue.onSubmittedWorkDone.bind(queue);
  queue.onSubmittedWorkDone = () => nudged(done());
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const map = buffer.mapAsync.bind(buffer);
    buffer.mapAsync = (...given) => nudged(map(...given));
    return buffer;
  };
}
