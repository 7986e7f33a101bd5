/** Colours of the editor's theme, read when a chart is drawn. */
export function themeColours() {
  const style = getComputedStyle(document.body);
  const read = (name: string, otherwise: string): string => style.getPropertyValue(name).trim() || otherwise;
  return {
    text: read('--vscode-foreground', '#888'),
    // A high contrast theme's lines are as strong as its text; a grid stays behind the curves.
    grid: read('--vscode-contrastBorder', '') === '' ? read('--vscode-editorIndentGuide-background1', 'rgba(128,128,128,0.25)') : 'rgba(128,128,128,0.5)',
    train: read('--vscode-charts-blue', '#3794ff'),
    test: read('--vscode-charts-yellow', '#cca700'),
    mark: read('--vscode-charts-purple', '#b180d7'),
  };
}

/** Calls when the editor's theme changes. Returns a disposer. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => { observer.disconnect(); };
}
