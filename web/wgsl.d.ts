// The build hands shaders over as text.
declare module '*.wgsl' {
  const text: string;
  export default text;
}
