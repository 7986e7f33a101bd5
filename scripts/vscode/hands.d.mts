import type { FrameLocator, Locator, Page } from 'playwright-core';
export function openWorkbench(page: Page, address: string): Promise<void>;
export function openFile(page: Page, name: string): Promise<void>;
export function lens(page: Page, text: string | RegExp): Locator;
export function palette(page: Page, title: string): Promise<void>;
/** A command that asks by a list, until `row` is in it. */
export function paletteTo(page: Page, title: string, row: Locator, attempts?: number): Promise<void>;
export function panelFrame(page: Page): FrameLocator;
export function lastFrame(page: Page): FrameLocator;
export function waitForPoints(page: Page, count: number, timeout?: number): Promise<void>;
