import { z } from 'zod';
import { once } from '../once.ts';
import { atomicList, struct } from '../schema.ts';

const core = 'io.k8s.api.core.v1';

export const hostAlias = once(() =>
  struct(`${core}.HostAlias`, {
    ip: z.string(),
    hostnames: atomicList(z.string()).optional(),
  }),
);

export const podDNSConfigOption = once(() =>
  struct(`${core}.PodDNSConfigOption`, {
    name: z.string().optional(),
    value: z.string().optional(),
  }),
);

export const podDNSConfig = once(() =>
  struct(`${core}.PodDNSConfig`, {
    nameservers: atomicList(z.string()).optional(),
    searches: atomicList(z.string()).optional(),
    options: atomicList(podDNSConfigOption()).optional(),
  }),
);

export type PodDNSConfig = z.infer<ReturnType<typeof podDNSConfig>>;
export type HostAlias = z.infer<ReturnType<typeof hostAlias>>;
