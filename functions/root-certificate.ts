/** The ConfigMap, in every namespace, with the certificate by which the API server is known. */
export const rootCertificateName = 'kube-root-ca.crt';

/** Where the original is; the other namespaces have copies. */
export const rootCertificateNamespace = 'kube-system';
