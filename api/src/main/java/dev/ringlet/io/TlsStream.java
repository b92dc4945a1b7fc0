package dev.ringlet.io;

import javax.net.ssl.SSLSession;

/**
 * A connection that is encrypted: a {@link TcpStream} of the plain bytes, also where the connection
 * below is of another kind. Made by {@link Io#tls} or {@link Io#connectTls}; its handshake is over.
 *
 * <p>What differs from a plain connection:
 *
 * <ul>
 *   <li>{@link #receive()} ends regularly only if the peer has said that it ends (close_notify). An
 *       end of the connection without that is a {@link TlsException}, since somebody may have cut
 *       off the rest. Elements are at most one TLS record, 16 KiB. Without demand no more than one
 *       receive buffer is read ahead.
 *   <li>{@link #send} may be cancelled at any time; what of it was encrypted already goes out, and
 *       if that was not all, later sends fail with EPIPE.
 *   <li>{@link #shutdownOutput()} sends close_notify and ends the direction below. With TLS 1.3
 *       receiving goes on; with TLS 1.2 the peer is to answer by closing too, and what it had still
 *       to send is lost. A peer's end likewise ends the own output with TLS 1.2.
 *   <li>{@link #close()} sends close_notify, unless a send was cut short, if only by the close
 *       itself: the peer's stream then ends with a failure. It is complete when the peer has closed
 *       too, after a second at most: a socket that is closed with something unread would reset the
 *       connection, and the peer could lose what it has not read yet.
 *   <li>{@link #write} sends the whole buffer, as {@link #send} does; {@link #pendingBytes()}
 *       counts plain bytes. Limits and timeouts are those of the connection below.
 *   <li>{@link #peek} always throws {@link UnsupportedOperationException}: look at the connection
 *       before TLS begins, or cut the data with {@link Io#frames}.
 *   <li>{@link #detach()} always throws: keys do not move. Detach before, and begin TLS on the
 *       executor that keeps the connection.
 * </ul>
 *
 * <p>Over a {@link UnixStream}, directly or with TLS in between, besides:
 *
 * <ul>
 *   <li>{@link #remoteAddress()} and {@link #localAddress()} always throw {@link
 *       UnsupportedOperationException}; {@link UnixStream#address()} tells where it goes.
 *   <li>{@link #abort()} closes without close_notify and without waiting for the peer, whose stream
 *       ends with a failure: a Unix stream cannot be reset.
 *   <li>{@link #configure} throws {@link IllegalArgumentException} for settings of TCP.
 *   <li>Descriptors are not passed, nor received: those that come are closed.
 * </ul>
 *
 * <p>A peer's wish for new keys or, with TLS 1.2, a new handshake is answered as the JDK does; that
 * needs demand, since it comes with the data. Work with public keys runs on threads for blocking
 * work, encryption of data on the executor.
 *
 * <p><b>Thread:</b> as {@link TcpStream}; what was negotiated any thread.
 */
public interface TlsStream extends TcpStream {
  /**
   * The version that was negotiated.
   *
   * @return {@code "TLSv1.3"} or {@code "TLSv1.2"}
   */
  String protocol();

  /**
   * The cipher suite that was negotiated.
   *
   * @return such as {@code "TLS_AES_256_GCM_SHA384"}
   */
  String cipherSuite();

  /**
   * The application protocol that was negotiated (ALPN).
   *
   * @return such as {@code "h2"}; empty if none was
   */
  String applicationProtocol();

  /**
   * The session as of the end of the first handshake: certificates, identity of the peer.
   *
   * @return the JDK's session
   */
  SSLSession session();
}
