import { X509Certificate, createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createAuthority, createServerCertificate, isUsable } from '../../local/certificates.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const day = 86_400_000;

describe('certificates', () => {
  test('the server certificate is signed by the authority, and names all that clients call the server', async () => {
    const authority = await createAuthority(now);
    const server = await createServerCertificate(authority, now);
    const root = new X509Certificate(authority.certificate);
    const leaf = new X509Certificate(server.certificate);
    expect(root.ca).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.checkPrivateKey(createPrivateKey(server.key))).toBe(true);
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(leaf.checkIP('::1')).toBe('::1');
    for (const name of [
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
    ]) {
      expect(leaf.checkHost(name), `${name}`).toBe(name);
    }
    expect(leaf.checkHost('example.com')).toBeUndefined();
    expect(leaf.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  test('they are valid an hour back, a year and ten years on', async () => {
    const authority = await createAuthority(now);
    const server = await createServerCertificate(authority, now);
    const validity = ({ certificate }: { certificate: string }) => {
      const { validFrom, validTo } = new X509Certificate(certificate);
      return [(Date.parse(validFrom) - now) / 3_600_000, (Date.parse(validTo) - now) / day];
    };
    expect(validity(server)).toEqual([-1, 365]);
    expect(validity(authority)).toEqual([-1, 3650]);
  });

  test('each has a serial number of its own', async () => {
    const authority = await createAuthority(now);
    const made = await Promise.all([1, 2, 3].map(() => createServerCertificate(authority, now)));
    const serials = made.map(({ certificate }) => new X509Certificate(certificate).serialNumber);
    expect(new Set(serials).size).toBe(3);
  });

  test('an authority is good until a year before its end', async () => {
    const authority = await createAuthority(now);
    expect(isUsable(authority, now)).toBe(true);
    expect(isUsable(authority, now + 3280 * day)).toBe(true);
    expect(isUsable(authority, now + 3290 * day)).toBe(false);
  });
});
