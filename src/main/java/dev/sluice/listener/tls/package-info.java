/**
 * TLS below the listeners: the certificate that is shown now, and who a client's certificate stands for.
 *
 * <pre>
 * ListenerContext ─ look() ─▶ config.file.ServerTlsFiles      a new pair takes the place of the old one
 *   └─▶ CurrentContext ─▶ HandshakeHandler ─ Handshakes       each new connection, the oldest handshake gives way
 * CertifiedAccount                                            from a client's certificate to its account
 * </pre>
 */
@NullMarked
package dev.sluice.listener.tls;

import org.jspecify.annotations.NullMarked;
