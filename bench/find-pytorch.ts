import { spawnSync } from "node:child_process";

const VERSION = "import torch; print(f'{torch.__version__}, threads: {torch.get_num_threads()}')";

/** The first Python that has PyTorch, and PyTorch's version. */
export function findPytorch(): { python: string; version: string } | undefined {
  for (const python of ["python3", "/usr/bin/python3", "python"]) {
    const asked = spawnSync(python, ["-c", VERSION], { encoding: "utf8" });
    if (asked.status === 0) return { python, version: asked.stdout.trim() };
  }
  return undefined;
}
