import { existsSync, readFileSync } from 'node:fs';
import { engineNames } from '../../../src/spec/engines';
import { describe, expect, it } from 'vitest';
import { commandIds, contextKeys, panelViewType, previewViewType, runsViewType, settingIds } from '../../../src/extension/contributions';

const text = readFileSync('package.json', 'utf8');
const { contributes, activationEvents } = JSON.parse(text) as {
  activationEvents: string[];
  contributes: { commands: { command: string }[]; configuration: { properties: Record<string, unknown> }; menus: Record<string, { command: string }[]>; walkthroughs: [{ steps: { description: string; media: { image: string } }[] }] };
};

describe('package.json and the code', () => {
  it('name the same commands and settings', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(commandIds).sort());
    expect(Object.keys(contributes.configuration.properties).sort()).toEqual(Object.values(settingIds).sort());
  });
  it('name the same engines', () => {
    expect(contributes.configuration.properties['vaeLab.engine']).toMatchObject({ enum: engineNames });
  });
  it('has a walkthrough whose pictures are there, and whose links are commands', () => {
    const [{ steps }] = contributes.walkthroughs;
    const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
    expect(steps.length).toBe(5);
    expect(steps.map(({ media }) => media.image).filter((file) => !existsSync(file))).toEqual([]);
    const links = steps.flatMap(({ description }) => [...(texts[description.replaceAll('%', '')] ?? '').matchAll(/command:([\w.]+)/g)].map(([, command]) => command ?? ''));
    expect([links.length > 5, links.filter((link) => !(Object.values(commandIds) as string[]).includes(link))]).toEqual([true, []]);
  });
  it('put into menus, conditions and activation only what there is', () => {
    const known: string[] = [...Object.values(commandIds), ...Object.values(settingIds), ...Object.values(contextKeys), panelViewType, previewViewType, runsViewType];
    expect((text.match(/vaeLab\.\w+/g) ?? []).filter((name) => !known.includes(name))).toEqual([]);
    for (const type of [panelViewType, previewViewType, runsViewType]) expect(activationEvents).toContain(`onWebviewPanel:${type}`);
    for (const entries of Object.values(contributes.menus)) for (const { command } of entries) expect(Object.values(commandIds)).toContain(command);
  });
});
