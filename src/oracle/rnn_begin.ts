import { RecurrentBuffers } from "./recurrent-buffers.ts";
import { begin } from "./recurrent-forward.ts";
import type { Twin } from "./twin.ts";

export const rnnBegin: Twin = (call) => {
  for (let part = 0; part < call.workgroups[2]; part++) begin(new RecurrentBuffers(call, part));
};
