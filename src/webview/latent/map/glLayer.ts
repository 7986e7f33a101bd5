import type { Camera, Size } from './camera';
import { diameterOf, type PointLayer } from './pointLayer';

const VERTEX = `#version 300 es
in vec2 place; in vec4 colour; uniform vec2 middle; uniform vec2 factor; uniform float diameter; out vec4 shade;
void main() { gl_Position = vec4((place - middle) * factor, 0.0, 1.0); gl_PointSize = diameter; shade = vec4(colour.rgb * colour.a, colour.a); }`;
const FRAGMENT = `#version 300 es
precision highp float; in vec4 shade; uniform float diameter; out vec4 pixel;
void main() { float edge = (0.5 - distance(gl_PointCoord, vec2(0.5))) * diameter; pixel = shade * clamp(edge + 0.5, 0.0, 1.0); }`;

/** Points by WebGL 2. regl, which regl-scatterplot draws with, compiles at run time, and that the panel's content security policy forbids. */
export class GlLayer implements PointLayer {
  readonly #program: WebGLProgram;
  readonly #places: WebGLBuffer;
  readonly #colours: WebGLBuffer;
  #count = 0;
  #coloured = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.#program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
      const shader = gl.createShader(type);
      if (!shader) continue; // the context is lost: it says so, and is made anew
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(this.#program, shader);
    }
    gl.linkProgram(this.#program);
    if (!gl.isContextLost() && !gl.getProgramParameter(this.#program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(this.#program) ?? 'The map\'s program does not link.');
    [this.#places, this.#colours] = [gl.createBuffer(), gl.createBuffer()];
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  setPlaces(places: Float32Array): void {
    this.#count = places.length / 2;
    this.#fill(this.#places, places);
    this.#attribute('place', this.#places, 2, this.gl.FLOAT, false);
  }
  setColours(colours: Uint8Array): void {
    this.#coloured = colours.length / 4;
    this.#fill(this.#colours, colours);
    this.#attribute('colour', this.#colours, 4, this.gl.UNSIGNED_BYTE, true);
  }

  draw({ x, y, scale }: Camera, { width, height }: Size, pixelRatio: number): void {
    const { gl } = this;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const count = Math.min(this.#count, this.#coloured);
    if (count === 0) return;
    gl.useProgram(this.#program);
    gl.uniform2f(gl.getUniformLocation(this.#program, 'middle'), x, y);
    gl.uniform2f(gl.getUniformLocation(this.#program, 'factor'), 2 * scale / width, 2 * scale / height);
    gl.uniform1f(gl.getUniformLocation(this.#program, 'diameter'), diameterOf(this.#count) * pixelRatio);
    gl.drawArrays(gl.POINTS, 0, count);
  }

  dispose(): void {
    const { gl } = this;
    gl.deleteBuffer(this.#places);
    gl.deleteBuffer(this.#colours);
    gl.deleteProgram(this.#program);
  }

  #fill(buffer: WebGLBuffer, values: Float32Array | Uint8Array): void {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, buffer);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, values, this.gl.DYNAMIC_DRAW);
  }
  #attribute(name: string, buffer: WebGLBuffer, size: number, type: number, normalized: boolean): void {
    const at = this.gl.getAttribLocation(this.#program, name);
    if (at < 0) return;
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, buffer);
    this.gl.enableVertexAttribArray(at);
    this.gl.vertexAttribPointer(at, size, type, normalized, 0, 0);
  }
}
