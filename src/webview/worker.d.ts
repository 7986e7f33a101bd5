/** A script bundled for a worker, as text; the build makes it. */
declare module '*?worker' {
  const source: string;
  export default source;
}
