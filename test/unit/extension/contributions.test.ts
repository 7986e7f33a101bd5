import { existsSync, readFileSync } from 'node:fs';
import { engineNames } from '../../../src/spec/engines';
import { describe, expect, it } from 'vitest';
import { commandIds, contextKeys, panelViewType, previewViewType, runsViewType, settingIds } from '../../../src/extension/contributions';

const text = readFileSync('package.json', 'utf8');
const { contributes, activationEvents, capabilities } = JSON.parse(text) as {
  activationEvents: string[]; capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: { commands: { command: string }[]; configuration: { properties: Record<string, { scope?: string }> }; menus: Record<string, { command: string }[]>; walkthroughs: [{ steps: { description: string; media: { image: string } }[] }] };
};

describe('package.json and the code', () => {
  it('name the same commands and settings', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(commandIds).sort());
    expect(Object.keys(contributes.configuration.properties).sort()).toEqual(Object.values(settingIds).sort());
  });
  it('name the same engines', () => {
    expect(contributes.configuration.properties['vaeLab.engine']).toMatchObject({ enum: engineNames });
  });
  it('lets no workspace name a program, and one that is not trusted no folder, address or engine', () => {
    const scopes = Object.fromEntries(Object.entries(contributes.configuration.properties).map(([name, { scope }]) => [name, scope]));
    expect(scopes['vaeLab.nodePath']).toBe('machine'); // no workspace has that scope
    const { restrictedConfigurations } = capabilities.untrustedWorkspaces;
    const harmless = ['vaeLab.checkpointEvery', 'vaeLab.samplesInCode', 'vaeLab.objectiveInCode', 'vaeLab.latentInCode'];
    expect([...restrictedConfigurations, ...harmless].sort()).toEqual(Object.keys(scopes).sort()); // a new setting is one or the other
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
