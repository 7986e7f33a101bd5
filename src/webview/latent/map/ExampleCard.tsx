import { Pictures } from '../../images/Pictures';
import type { PanelClient } from '../../store';
import type { DataInfo, Encoded } from '../encodedSet';
import { useExamples } from '../examples';
import { exampleFacts } from '../words';

interface ExampleCardProps { readonly client: PanelClient; readonly runId: string; readonly encoded: Encoded; readonly info: DataInfo | undefined; readonly index: number }

/** An example under the pointer: its picture, and what is known of it. */
export function ExampleCard({ client, runId, encoded, info, index }: ExampleCardProps) {
  const [picture] = useExamples(client, runId, encoded.split, [index]);
  return (
    <>
      {picture ? <Pictures strips={[picture]} columns={1} label="" testId="hovered" /> : <span class="no-picture" />}
      <div>{exampleFacts(encoded, info, index).map((fact) => <div key={fact}>{fact}</div>)}</div>
    </>
  );
}
