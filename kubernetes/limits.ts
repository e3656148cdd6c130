/**
 * Every limit of a request, an answer and a stream, in one place: what it bounds, its unit, and where the figure comes from.
 * A request has a budget: bytes in, nodes after decoding, work, bytes out, and unread bytes of a stream. The event loop
 * never stands for 200 ms.
 */

// Bodies

/** Bytes of a request body, after decompression. A kube-apiserver's `MaxRequestBodyBytes`. */
export const maximumBodyBytes = 3 * 1024 * 1024;
