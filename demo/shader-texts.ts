const shaders = import.meta.glob<string>("../shaders/**/*.wgsl", { query: "?raw", import: "default", eager: true });

/** All shaders of the library, one behind the other: its own work as a thing to learn. */
export const shaderTexts = Object.values(shaders).join("\n");
