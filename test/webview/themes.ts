/** What VS Code gives a webview of its themes, as far as the panel looks at it: values of Default Dark Modern, Default Light Modern, Dark High Contrast. */
export type Theme = 'dark' | 'light' | 'highContrast';
const shared = { 'font-family': 'system-ui, sans-serif', 'font-size': '13px', 'font-weight': 'normal', 'editor-font-family': 'monospace' };
export const themes: { readonly [T in Theme]: { readonly className: string; readonly variables: Readonly<Record<string, string>> } } = {
  dark: {
    className: 'vscode-dark',
    variables: {
      ...shared, foreground: '#cccccc', descriptionForeground: '#9d9d9d', 'editor-background': '#1f1f1f', 'editor-foreground': '#cccccc', focusBorder: '#0078d4', 'widget-border': '#313131', 'badge-background': '#616161',
      'badge-foreground': '#f8f8f8', 'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-hoverBackground': '#026ec1', 'button-secondaryBackground': '#313131', 'button-secondaryForeground': '#cccccc', 'button-border': '#ffffff12',
      'progressBar-background': '#0078d4', 'charts-blue': '#59a4f9', 'charts-yellow': '#cca700', 'charts-purple': '#b180d7', 'editorIndentGuide-background1': '#404040', 'editorError-foreground': '#f85149', 'textBlockQuote-background': '#2b2b2b',
      'inputValidation-errorBackground': '#5a1d1d', 'inputValidation-errorBorder': '#be1100', 'checkbox-background': '#313131', 'checkbox-border': '#3c3c3c', 'dropdown-background': '#313131', 'dropdown-foreground': '#cccccc', 'dropdown-border': '#3c3c3c', 'settings-dropdownListBorder': '#454545',
      'panelTitle-activeForeground': '#cccccc', 'panelTitle-inactiveForeground': '#9d9d9d', 'panelTitle-activeBorder': '#0078d4', 'panel-background': '#181818', 'panel-border': '#2b2b2b', 'list-activeSelectionBackground': '#04395e', 'list-activeSelectionForeground': '#ffffff',
    },
  },
  light: {
    className: 'vscode-light',
    variables: {
      ...shared, foreground: '#3b3b3b', descriptionForeground: '#3b3b3b', 'editor-background': '#ffffff', 'editor-foreground': '#3b3b3b', focusBorder: '#005fb8', 'widget-border': '#e5e5e5', 'badge-background': '#cccccc',
      'badge-foreground': '#3b3b3b', 'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0258a8', 'button-secondaryBackground': '#e5e5e5', 'button-secondaryForeground': '#3b3b3b', 'button-border': '#0000001a',
      'progressBar-background': '#005fb8', 'charts-blue': '#0063d3', 'charts-yellow': '#bf8803', 'charts-purple': '#652d90', 'editorIndentGuide-background1': '#d3d3d3', 'editorError-foreground': '#e51400', 'textBlockQuote-background': '#f8f8f8',
      'inputValidation-errorBackground': '#f2dede', 'inputValidation-errorBorder': '#be1100', 'checkbox-background': '#f8f8f8', 'checkbox-border': '#cecece', 'dropdown-background': '#ffffff', 'dropdown-foreground': '#3b3b3b', 'dropdown-border': '#cecece', 'settings-dropdownListBorder': '#e5e5e5',
      'panelTitle-activeForeground': '#3b3b3b', 'panelTitle-inactiveForeground': '#3b3b3b', 'panelTitle-activeBorder': '#005fb8', 'panel-background': '#f8f8f8', 'panel-border': '#e5e5e5', 'list-activeSelectionBackground': '#e8e8e8', 'list-activeSelectionForeground': '#000000',
    },
  },
  highContrast: {
    className: 'vscode-high-contrast',
    variables: {
      ...shared, foreground: '#ffffff', descriptionForeground: '#ffffffb3', 'editor-background': '#000000', 'editor-foreground': '#ffffff', focusBorder: '#f38518', contrastBorder: '#6fc3df', contrastActiveBorder: '#f38518', 'widget-border': '#6fc3df', 'badge-background': '#000000',
      'badge-foreground': '#ffffff', 'button-foreground': '#ffffff', 'button-background': '#000000', 'button-secondaryForeground': '#ffffff', 'button-border': '#6fc3df', 'progressBar-background': '#6fc3df', 'charts-blue': '#59a4f9', 'charts-yellow': '#cca700', 'charts-purple': '#b180d7',
      'editorIndentGuide-background1': '#ffffff', 'editorError-foreground': '#f48771', 'inputValidation-errorBackground': '#000000', 'inputValidation-errorBorder': '#6fc3df', 'checkbox-background': '#000000', 'checkbox-border': '#6fc3df', 'dropdown-background': '#000000', 'dropdown-foreground': '#ffffff', 'dropdown-border': '#6fc3df',
      'panelTitle-activeForeground': '#ffffff', 'panelTitle-inactiveForeground': '#ffffff', 'panelTitle-activeBorder': '#6fc3df', 'panel-background': '#000000', 'panel-border': '#6fc3df',
    },
  },
};
