/** What a panel's page needs to know of where it is shown. */
export interface PanelPage {
  readonly script: string;
  readonly style: string;
  /** The source from which styles may come, as a content security policy writes it. */
  readonly styleSource: string;
  readonly nonce: string;
  readonly language: string;
  readonly title: string;
}
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The panel's page: nothing is allowed but its one script, its one style sheet, and a worker that the script makes. */
export function panelHtml({ script, style, styleSource, nonce, language, title }: PanelPage): string {
  // The toolkit adds a style element where style sheets cannot be constructed; it takes the nonce from the meta element.
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${styleSource} 'nonce-${nonce}'; img-src blob: data:; font-src ${styleSource}; worker-src blob:`;
  return `<!DOCTYPE html>
<html lang="${escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta property="csp-nonce" content="${nonce}">
<link rel="stylesheet" href="${escape(style)}">
<title>${escape(title)}</title>
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${escape(script)}"></script>
</body>
</html>
`;
}
