/** Texts whose contrast with what is behind them is under 4.5 to 1 (WCAG 2.2, 1.4.3). Runs in the page. */
export function contrasts(): string[] {
  type Colour = [number, number, number, number];
  const parse = (text: string): Colour => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = (top: Colour, under: Colour): Colour => [0, 1, 2].map((i) => (top[i] ?? 0) * top[3] + (under[i] ?? 0) * (1 - top[3])).concat(1) as Colour;
  const luminance = (colour: Colour): number => {
    const [r = 0, g = 0, b = 0] = colour.slice(0, 3).map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): Colour => {
    if (!element) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(element).backgroundColor);
    if (own[3] === 1) return own;
    const root = element.getRootNode();
    const parent = element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
    return over(own, behind(parent));
  };
  const poor: string[] = [];
  const walk = (root: Document | ShadowRoot): void => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent ?? '').join('').trim();
      if (text === '' || !element.checkVisibility() || ['STYLE', 'SCRIPT', 'TITLE'].includes(element.tagName)) continue;
      const background = behind(element);
      const [a = 0, b = 0] = [luminance(over(parse(getComputedStyle(element).color), background)), luminance(background)].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < 4.5) poor.push(`${text.slice(0, 40)}: ${ratio.toFixed(2)}`);
    }
  };
  walk(document);
  return poor;
}
