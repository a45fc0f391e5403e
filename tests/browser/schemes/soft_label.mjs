export { answer, seen } from "./shares.mjs";
