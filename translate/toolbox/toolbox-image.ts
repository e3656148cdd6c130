/** A static busybox, at /bin/busybox. Amazon's copy of Docker's official image: it asks for no account and limits no pulls. */
export const standardToolboxImage = 'public.ecr.aws/docker/library/busybox:1.37.0-musl';
