// Types of embed.js: the element <tokenbill-widget> and the messages of protocol version 1 (docs/widget.md).

export type TokenbillTheme = 'auto' | 'light' | 'dark';

/** A scenario document, format tokenbill-scenario/1 (docs/formats.md). */
export interface TokenbillScenario {
  readonly format: 'tokenbill-scenario/1';
  readonly name?: string;
  readonly model?: string;
  readonly date?: string;
  readonly parameters?: Readonly<Record<string, number | string>>;
}

/** Amounts are USD; null is unknown, never 0. */
export interface TokenbillChange {
  readonly type: 'change';
  readonly scenario: TokenbillScenario;
  /** The full calculator with this scenario. */
  readonly link: string;
  readonly status: 'ok' | 'unpriced' | 'impossible';
  readonly problem: string | null;
  readonly model: string | null;
  readonly usd_per_month: number | null;
  readonly usd_per_request: number | null;
  readonly prices_as_of: string | null;
}

/** A sentence: the prices did not arrive, or a scenario was refused, as a whole or in part. */
export interface TokenbillError {
  readonly type: 'error';
  readonly message: string;
}

/** Frame to host, by window.postMessage. */
export type TokenbillBroadcast =
  | { readonly type: 'tokenbill:ready'; readonly version: 1 }
  | { readonly type: 'tokenbill:height'; readonly height: number };

/** Host to frame, by window.postMessage with one MessagePort. */
export interface TokenbillConnect {
  readonly type: 'tokenbill:connect';
  readonly version: 1;
}

/** Frame to host, over the port. */
export type TokenbillReport = TokenbillChange | TokenbillError;

/** Host to frame, over the port. */
export type TokenbillCommand =
  | { readonly type: 'set-theme'; readonly theme: TokenbillTheme }
  | { readonly type: 'set-scenario'; readonly scenario: TokenbillScenario }
  /** A language tag such as "de" or "pt-BR". */
  | { readonly type: 'set-lang'; readonly lang: string };

export interface TokenbillWidgetElement extends HTMLElement {
  /** Replaces the scenario; what is not sound in it is told by the event tokenbill:error. */
  setScenario(scenario: TokenbillScenario): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'tokenbill-widget': TokenbillWidgetElement;
  }
  interface HTMLElementEventMap {
    'tokenbill:ready': CustomEvent<null>;
    'tokenbill:change': CustomEvent<TokenbillChange>;
    'tokenbill:error': CustomEvent<TokenbillError>;
  }
}
