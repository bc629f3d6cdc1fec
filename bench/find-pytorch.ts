import { spawnSync } from "node:child_process";

const PYTHONS = ["python3", "/usr/bin/python3", "python"];

/** The first Python that runs some lines to their end, and what they printed. */
function findPython(lines: string): { python: string; printed: string } | undefined {
  for (const python of PYTHONS) {
    const { status, stdout } = spawnSync(python, ["-c", lines], { encoding: "utf8" });
    if (status === 0) return { python, printed: stdout.trim() };
  }
  return undefined;
}

/** The Python that has PyTorch, and PyTorch's version. */
export function findPytorch(): { python: string; version: string } | undefined {
  const found = findPython("import torch; print(f'{torch.__version__}, threads: {torch.get_num_threads()}')");
  return found && { python: found.python, version: found.printed };
}

/** The Python that has PyTorch on CUDA, and the GPU by its name there. */
export function findCuda(): { python: string; gpu: string } | undefined {
  const found = findPython("import torch; print(torch.cuda.get_device_name())");
  return found && { python: found.python, gpu: found.printed };
}
