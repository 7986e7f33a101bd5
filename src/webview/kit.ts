import { provideVSCodeDesignSystem, vsCodeButton, vsCodeDropdown, vsCodeOption, vsCodePanels, vsCodePanelTab, vsCodePanelView, vsCodeProgressRing, vsCodeRadio, vsCodeRadioGroup } from '@vscode/webview-ui-toolkit';
import type { JSX } from 'preact';

/** The one file that knows the UI kit: what it registers here is all that the panel uses of it. */
export function registerKit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodePanels(), vsCodePanelTab(), vsCodePanelView(), vsCodeProgressRing(), vsCodeRadio(), vsCodeRadioGroup());
}

type KitElement<Extra = object> = JSX.HTMLAttributes<HTMLElement> & Extra;
declare module 'preact' {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': KitElement<{ appearance?: 'primary' | 'secondary' | 'icon'; disabled?: boolean }>;
      'vscode-dropdown': KitElement<{ 'current-value'?: string; position?: 'above' | 'below' }>;
      'vscode-option': KitElement<{ value?: string; selected?: boolean }>;
      'vscode-panels': KitElement<{ activeid?: string }>;
      'vscode-panel-tab': KitElement;
      'vscode-panel-view': KitElement;
      'vscode-progress-ring': KitElement;
      'vscode-radio': KitElement<{ value?: string; checked?: boolean }>;
      'vscode-radio-group': KitElement<{ value?: string; orientation?: 'horizontal' | 'vertical' }>;
    }
  }
}

/** The value of a kit control that an event came from. */
export function valueOf(event: Event): string {
  const { currentTarget } = event;
  return currentTarget instanceof HTMLElement && 'value' in currentTarget && typeof currentTarget.value === 'string' ? currentTarget.value : '';
}
/** The id of the tab that a panels element shows. */
export function activeTab(event: Event): string {
  const { currentTarget } = event;
  return currentTarget instanceof HTMLElement && 'activeid' in currentTarget && typeof currentTarget.activeid === 'string' ? currentTarget.activeid : '';
}
