import { useLayoutEffect, useState } from 'preact/hooks';

interface NameFieldProps { readonly label: string; readonly value: string; readonly taken: readonly string[]; onName(name: string): void }
const MAX_LENGTH = 80;

/** A name to be changed: what is typed stays while the panel is drawn anew, and counts when it is left or Enter is pressed. Names tell things apart: one that is taken is not. */
export function NameField({ label, value, taken, onName }: NameFieldProps) {
  const [draft, setDraft] = useState(value);
  useLayoutEffect(() => { setDraft(value); }, [value]); // before anybody can type into what is drawn
  const commit = (): void => {
    const name = draft.trim();
    if (name === '' || (name !== value && taken.includes(name))) setDraft(value);
    else if (name !== value) onName(name);
  };
  return <input type="text" class="name" value={draft} maxLength={MAX_LENGTH} aria-label={label} onInput={(event) => { setDraft(event.currentTarget.value); }} onChange={commit} />;
}
