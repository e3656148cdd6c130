import { defaultFieldRef, defaultResourceFieldRef } from './container.ts';
import { defaultPullPolicy } from './image.ts';
import type { DownwardAPIVolumeFile } from '../plain-volume.ts';
import type { ProjectedVolumeSource } from '../projected-volume.ts';
import { roundResources } from './resources.ts';
import type { Volume } from '../volume.ts';

/** 0644 */
const readable = 420;
const hour = 3600;

/** Fills what a volume leaves unset. One that says nothing but its name is an empty directory. */
export function defaultVolume(volume: Volume): void {
  if (Object.entries(volume).every(([key, value]) => key === 'name' || value === undefined)) volume.emptyDir = {};
  if (volume.configMap !== undefined) volume.configMap.defaultMode ??= readable;
  if (volume.secret !== undefined) volume.secret.defaultMode ??= readable;
  if (volume.hostPath !== undefined) volume.hostPath.type ??= '';
  if (volume.image !== undefined) volume.image.pullPolicy ||= defaultPullPolicy(volume.image.reference ?? '');
  if (volume.downwardAPI !== undefined) {
    volume.downwardAPI.defaultMode ??= readable;
    defaultFiles(volume.downwardAPI.items);
  }
  if (volume.projected !== undefined) defaultProjected(volume.projected);
  defaultClaimTemplate(volume);
  defaultNetworkStorage(volume);
  defaultAzureDisk(volume);
}

function defaultFiles(files: readonly DownwardAPIVolumeFile[] = []): void {
  for (const { fieldRef, resourceFieldRef } of files) {
    if (fieldRef !== undefined) defaultFieldRef(fieldRef);
    if (resourceFieldRef !== undefined) defaultResourceFieldRef(resourceFieldRef);
  }
}

function defaultProjected(projected: ProjectedVolumeSource): void {
  projected.defaultMode ??= readable;
  for (const { serviceAccountToken, downwardAPI } of projected.sources ?? []) {
    if (serviceAccountToken !== undefined) serviceAccountToken.expirationSeconds ??= hour;
    defaultFiles(downwardAPI?.items);
  }
}

function defaultClaimTemplate({ ephemeral }: Volume): void {
  const template = ephemeral?.volumeClaimTemplate;
  if (template === undefined) return;
  template.metadata = { creationTimestamp: null, ...template.metadata };
  template.spec.volumeMode ??= 'Filesystem';
  template.spec.resources ??= {};
  roundResources(template.spec.resources);
}

function defaultNetworkStorage({ iscsi, rbd, scaleIO }: Volume): void {
  if (iscsi !== undefined) iscsi.iscsiInterface ||= 'default';
  if (rbd !== undefined) {
    rbd.pool ||= 'rbd';
    rbd.user ||= 'admin';
    rbd.keyring ||= '/etc/ceph/keyring';
  }
  if (scaleIO !== undefined) {
    scaleIO.storageMode ||= 'ThinProvisioned';
    scaleIO.fsType ||= 'xfs';
  }
}

function defaultAzureDisk({ azureDisk }: Volume): void {
  if (azureDisk === undefined) return;
  azureDisk.cachingMode ??= 'ReadWrite';
  azureDisk.fsType ??= 'ext4';
  azureDisk.readOnly ??= false;
  azureDisk.kind ??= 'Shared';
}
