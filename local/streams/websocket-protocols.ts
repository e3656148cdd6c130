/** How processes' streams are spoken over a WebSocket (kubernetes/kubernetes, staging/…/remotecommand/constants.go). */
export interface ChannelProtocol {
  readonly name: string;
  /** Text frames: a digit for the channel, then base64. */
  readonly base64: boolean;
  /** The outcome is told as a Status; before, only failures, as text. */
  readonly status: boolean;
  /** The client can end its input. */
  readonly closes: boolean;
}

const protocols: readonly ChannelProtocol[] = [
  { name: 'v5.channel.k8s.io', base64: false, status: true, closes: true },
  { name: 'v4.channel.k8s.io', base64: false, status: true, closes: false },
  { name: 'v4.base64.channel.k8s.io', base64: true, status: true, closes: false },
  { name: 'channel.k8s.io', base64: false, status: false, closes: false },
  { name: 'base64.channel.k8s.io', base64: true, status: false, closes: false },
];

/** Spoken to who names none. */
const unnamed: ChannelProtocol = { name: '', base64: false, status: false, closes: false };

/** The best that both sides know; undefined when there is none. */
export function chooseProtocol(offered: readonly string[]): ChannelProtocol | undefined {
  return offered.length === 0 ? unnamed : protocols.find(({ name }) => offered.includes(name));
}

/** kubectl's tunnel for port forwarding: SPDY/3.1 in binary messages. */
export const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';
