// The page around the frame, protocol version 1 (docs/widget.md). Ready and height go to whoever embeds the widget: they
// hold nothing that could not be seen from outside. Everything else goes over a channel that the host opens.

import { HeightReporter } from './height';

export interface Commands {
  setTheme(theme: unknown): void;
  setScenario(scenario: unknown): void;
  setLanguage(lang: unknown): void;
}

export interface Message { readonly type: 'change' | 'error'; readonly [key: string]: unknown }

export class Host {
  readonly #embedded = window.parent !== window;
  readonly #height = new HeightReporter((height) => {
    this.#broadcast({ type: 'tokenbill:height', height });
    // The form that Embedly introduced and that several editors understand.
    this.#broadcast(JSON.stringify({ src: location.href, context: 'iframe.resize', height }));
  });
  #port: MessagePort | null = null;
  /** Given again to a host that connects late. */
  readonly #last = new Map<string, Message>();

  constructor(private readonly commands: Commands) {
    if (!this.#embedded) return;
    window.addEventListener('message', (event) => {
      const data: unknown = event.data;
      const port = event.ports[0];
      if (event.source !== window.parent || !port || typeof data !== 'object' || data === null) return;
      const { type, version } = data as Record<string, unknown>;
      if (type === 'tokenbill:connect' && version === 1) this.#connect(port);
    });
  }

  #broadcast(message: unknown): void {
    // To any origin: a frame in a sandbox is not told which one embeds it.
    window.parent.postMessage(message, '*');
  }

  #connect(port: MessagePort): void {
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data !== 'object' || data === null) return;
      const { type, theme, scenario, lang } = data as Record<string, unknown>;
      if (type === 'set-theme') this.commands.setTheme(theme);
      else if (type === 'set-scenario') this.commands.setScenario(scenario);
      else if (type === 'set-lang') this.commands.setLanguage(lang);
    };
    for (const message of this.#last.values()) port.postMessage(message);
  }

  ready(): void {
    if (this.#embedded) this.#broadcast({ type: 'tokenbill:ready', version: 1 });
  }

  send(message: Message): void {
    this.#last.set(message.type, message);
    this.#port?.postMessage(message);
  }

  /** The error that was told last is over. */
  settled(): void {
    this.#last.delete('error');
  }

  watch(element: Element): void {
    if (!this.#embedded) return;
    const measure = () => this.#height.changed(element.getBoundingClientRect().height);
    new ResizeObserver(measure).observe(element);
    // A frame outside the window is not laid out until it comes near; its height is wanted before.
    measure();
  }
}
