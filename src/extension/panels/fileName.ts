/** What a person, a run or a file named, as the name of a file: no part of it leads into another folder, and every system takes it. */
export function fileNameOf(name: string): string {
  const plain = name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, '-').replace(/^[.\s]+|[.\s]+$/g, '');
  return plain === '' ? 'vae-lab' : plain;
}
