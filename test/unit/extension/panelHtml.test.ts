import { describe, expect, it } from 'vitest';
import { panelHtml } from '../../../src/extension/panels/panelHtml';

describe('panelHtml', () => {
  it('allows one script and one style sheet, and escapes what comes from a model file', () => {
    const html = panelHtml({ script: 'https://a/w.js', style: 'https://a/w.css', styleSource: 'https://a', nonce: 'n0', language: 'zh-cn', title: '<script>alert(1)</script>"' });
    expect(html).toContain("default-src 'none'; script-src 'nonce-n0';");
    expect(html).not.toMatch(/unsafe-|default-src \*/);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<html lang="zh-cn">');
  });
});
