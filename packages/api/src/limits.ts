// Limits of the hub's HTTP interface (protocol, section 11), shared by hub and clients.
export const LIMITS = {
  /** A statement: an entry's length has 16 bits. */
  statementBytes: 65_535,
  /** A chunk in the mailbox. */
  mailBytes: 4 * 1024 * 1024,
  blobBytes: 8 * 1024 * 1024,
  /** Longest wait of a long poll. */
  pollSeconds: 25,
  /** Sealed messages are deleted when their opening closes, or after this. */
  mailDays: 7,
} as const;
