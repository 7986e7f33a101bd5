import type { RunConnection } from '../client/hosts';
import { protocolInWords } from '../protocol/evaluationInWords';
import { readStripPng, stripPng } from '../runs/pictures';
import { Exit, split, UsageError, whole, type Values } from './arguments';
import { readGiven, writeAsked } from './files';

/** Writes pictures, the first examples or those of a PNG in which they stand one below another, as few bytes. Returns the exit code. */
export async function compress(run: RunConnection, values: Values): Promise<number> {
  if (values.out === undefined) throw new UsageError('Say where to write the compressed file: --out FILE.vae');
  const { imageShape: [height] } = await run.api.request('manifest', {});
  const pictures = values.from === undefined ? undefined : readStripPng(await readGiven(values.from), height);
  const { file, count, protocol, lossless, squaredError, bits } = await run.api.request('compress', { pictures, split: split(values.split), examples: whole('examples', values.examples, 1), ...(values.lossless ? { lossless: true } : {}) });
  await writeAsked(values.out, file);
  if (values.json) console.log(JSON.stringify({ count, lossless, squaredError, bytes: file.length, bits, nats: bits.file * Math.LN2, ...(protocol ? { protocol } : {}) }));
  else {
    console.log(`Wrote ${values.out}: ${count} pictures in ${file.length} bytes, ${bits.file.toFixed(0)} bits or ${(bits.file * Math.LN2).toFixed(0)} nats a picture (codes ${bits.codes.toFixed(0)} bits, pixels ${bits.pixels.toFixed(0)} bits); ${bits.raw} bits as they are, ${bits.deflate.toFixed(0)} by deflate.`);
    if (protocol) console.log(`    ${protocolInWords(protocol)}`);
    if (!lossless) console.log(`The file holds codes only: what is restored are the reconstructions, with a squared error of ${squaredError.toFixed(4)} a pixel. --lossless keeps the pixels too.`);
    console.log('Only this run, as it is now, restores it.');
  }
  return Exit.ok;
}

/** Writes the pictures that `compress` was given, one below another. Returns the exit code. */
export async function decompress(run: RunConnection, file: string | undefined, values: Values): Promise<number> {
  if (file === undefined || values.out === undefined) throw new UsageError('Name the compressed file, and where to write the pictures: --out STRIP.png');
  const { pictures } = await run.api.request('decompress', { file: await readGiven(file) });
  await writeAsked(values.out, stripPng(pictures));
  console.log(`Wrote ${values.out}: ${pictures.count} pictures`);
  return Exit.ok;
}
