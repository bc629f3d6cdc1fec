/** Pinned, since each release brings its own naga; from npm when asked for, since it takes 100 MB. */
export const DENO = "deno@2.9.6";
