// embed.js: turns <tokenbill-widget> into the widget's frame. The link inside the element stays for those without script,
// for search engines, and for readers until the frame answers. A classic script without dependencies, at most 3 KB packed.

import { permissions, sandbox, usualHeight } from './embed_frame';
import type { TokenbillBroadcast, TokenbillCommand, TokenbillReport, TokenbillScenario, TokenbillWidgetElement } from '../embed';

const script = (document.currentScript ?? document.querySelector('script[src*="embed.js"]')) as HTMLScriptElement | null;
const page = new URL('embed/v1/', script?.src || location.href).href;

const name = 'tokenbill-widget';
const least = 120;
const most = 4000;

class TokenbillWidget extends HTMLElement implements TokenbillWidgetElement {
  static readonly observedAttributes = ['preset', 'src', 'theme', 'lang', 'accent', 'density', 'currency', 'rate', 'rate_date', 'controls', 'readonly'];

  readonly #frame = document.createElement('iframe');
  readonly #links = document.createElement('slot');
  #port: MessagePort | null = null;
  /** Commands given before the frame answers. */
  #waiting: TokenbillCommand[] = [];

  constructor() {
    super();
    const frame = this.#frame;
    // Set before the address, or the frame would start with the host's rights.
    frame.setAttribute('sandbox', sandbox);
    frame.allow = permissions;
    frame.referrerPolicy = 'no-referrer';
    frame.loading = 'lazy';
    // By script, because a host's content security policy may forbid inline styles.
    const style = 'border:0;display:block;width:100%;visibility:hidden;position:relative'.split(';');
    for (const rule of style) frame.style.setProperty(...(rule.split(':') as [string, string]));
    this.#links.style.position = 'absolute';
    this.attachShadow({ mode: 'open' }).append(this.#links, frame);
  }

  connectedCallback(): void {
    this.style.display ||= 'block';
    this.style.position ||= 'relative';
    this.#frame.title = this.title || `LLM cost: ${this.textContent?.trim() || 'Tokenbill'}`;
    this.#frame.height = this.getAttribute('height') ?? String(usualHeight(this.offsetWidth));
    this.#frame.src = this.#address();
    addEventListener('message', this.#heard);
  }

  disconnectedCallback(): void {
    removeEventListener('message', this.#heard);
    this.#port?.close();
    this.#port = null;
  }

  attributeChangedCallback(attribute: string): void {
    if (!this.isConnected || !this.#frame.src) return;
    // Only the fragment differs, so that the frame takes it over without loading again.
    if (attribute === 'theme') this.#send({ type: 'set-theme', theme: (this.getAttribute('theme') ?? 'auto') as 'auto' });
    else if (attribute === 'lang') this.#send({ type: 'set-lang', lang: this.lang });
    else this.#frame.src = this.#address();
  }

  setScenario(scenario: TokenbillScenario): void {
    this.#send({ type: 'set-scenario', scenario });
  }

  #address(): string {
    const values = new URLSearchParams();
    for (const key of TokenbillWidget.observedAttributes) {
      const value = this.getAttribute(key);
      if (value !== null && key !== 'src') values.set(key, value || (key === 'readonly' ? '1' : ''));
    }
    // Of a link to the calculator only its state counts: the frame is always this script's own.
    const state = /#(1[\w-]*)/.exec(this.getAttribute('src') ?? '')?.[1] ?? '';
    return `${page}#${[state, String(values)].filter(Boolean).join('&')}`;
  }

  #send(command: TokenbillCommand): void {
    if (this.#port) this.#port.postMessage(command);
    else this.#waiting.push(command);
  }

  #tell(event: 'ready' | 'change' | 'error', detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`tokenbill:${event}`, { detail, bubbles: true, composed: true }));
  }

  #heard = ({ source, origin, data }: MessageEvent<TokenbillBroadcast | null>): void => {
    const frame = this.#frame.contentWindow;
    // A frame in this sandbox has the origin "null"; any other has gone elsewhere.
    if (!frame || source !== frame || origin !== 'null' || typeof data !== 'object' || data === null) return;
    if (data.type === 'tokenbill:height' && Number.isFinite(data.height)) {
      this.#frame.height = String(Math.min(most, Math.max(least, data.height)));
    } else if (data.type === 'tokenbill:ready' && data.version === 1) {
      const { port1, port2 } = new MessageChannel();
      this.#port?.close();
      this.#port = port1;
      port1.onmessage = ({ data: report }: MessageEvent<TokenbillReport>) => {
        if (report.type === 'change' || report.type === 'error') this.#tell(report.type, report);
      };
      frame.postMessage({ type: 'tokenbill:connect', version: 1 }, '*', [port2]);
      for (const command of this.#waiting.splice(0)) port1.postMessage(command);
      this.#frame.style.visibility = '';
      this.#links.hidden = true;
      this.#tell('ready', null);
    }
  };
}

if (!customElements.get(name)) customElements.define(name, TokenbillWidget);
