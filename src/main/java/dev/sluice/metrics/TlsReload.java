package dev.sluice.metrics;

/** What became of a certificate that changed: label {@code result} of {@code sluice_tls_reloads_total}. */
public enum TlsReload {
    /** New connections see it. */
    TAKEN,
    /** It cannot be used; the one before stays. */
    REFUSED
}
