package dev.ringlet.io;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken on a connection: role, keys and trust, what is offered. Immutable: each {@code
 * with} method returns a changed copy. One for all connections of a kind: sessions are resumed by
 * the context's cache.
 *
 * <p><b>Thread:</b> immutable.
 */
public final class TlsOptions {
  /** What a server asks of its clients. */
  public enum ClientAuth {
    /** No certificate. */
    NONE,
    /** A certificate, but it takes clients that have none. */
    WANT,
    /** A certificate; clients without one that is trusted are refused. */
    NEED
  }

  private static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  private final SSLContext context;
  private final boolean client;
  private Duration handshakeTimeout = DEFAULT_HANDSHAKE_TIMEOUT;
  private List<String> applicationProtocols = List.of();
  private List<String> protocols = List.of();
  private List<String> cipherSuites = List.of();
  private ClientAuth clientAuth = ClientAuth.NONE;
  private @Nullable String peerHost;
  private int peerPort;
  private boolean verifiesHost;

  private TlsOptions(SSLContext context, boolean client) {
    this.context = Objects.requireNonNull(context, "context");
    this.client = client;
    this.verifiesHost = client;
  }

  private TlsOptions copy() {
    TlsOptions copy = new TlsOptions(context, client);
    copy.handshakeTimeout = handshakeTimeout;
    copy.applicationProtocols = applicationProtocols;
    copy.protocols = protocols;
    copy.cipherSuites = cipherSuites;
    copy.clientAuth = clientAuth;
    copy.peerHost = peerHost;
    copy.peerPort = peerPort;
    copy.verifiesHost = verifiesHost;
    return copy;
  }

  /**
   * The client's side. It verifies that the server's certificate is trusted and is for the
   * {@linkplain #withPeer host} that was meant.
   *
   * @param context trust, and keys if the server wants to know who the client is
   * @return the options
   */
  public static TlsOptions client(SSLContext context) {
    return new TlsOptions(context, true);
  }

  /**
   * The server's side. Which certificate a client gets is the context's key manager's to say, which
   * knows the name that the client has asked for (SNI); the JDK's "PKIX" key manager chooses by it.
   *
   * @param context keys, and trust if clients are to show certificates
   * @return the options
   */
  public static TlsOptions server(SSLContext context) {
    return new TlsOptions(context, false);
  }

  /**
   * Says whom a client means: the name that is asked for (SNI), that the certificate must be for,
   * and under which sessions are found again. {@link Io#connectTls} fills it in; {@link Io#tls}
   * makes nothing of the connection's address, which for a Unix stream is no host's.
   *
   * @param host the name, or an address as text
   * @param port the port, 1 to 65535; only sessions are told apart by it, so that any will do where
   *     there is none
   * @return the changed copy
   */
  public TlsOptions withPeer(String host, int port) {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("host: it is empty; give a name or an address");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + "; give 1 to 65535");
    }
    TlsOptions copy = copy();
    copy.peerHost = host;
    copy.peerPort = port;
    return copy;
  }

  /**
   * Has a client take any certificate that is trusted, whatever host it is for. Who holds one of
   * them can then pretend to be the host: for pinned or private authorities only.
   *
   * @return the changed copy
   */
  public TlsOptions withoutHostVerification() {
    TlsOptions copy = copy();
    copy.verifiesHost = false;
    return copy;
  }

  /**
   * Sets the application protocols (ALPN), the preferred first. A server chooses; without one in
   * common the handshake fails.
   *
   * @param names such as {@code "h2", "http/1.1"}; default none
   * @return the changed copy
   */
  public TlsOptions withApplicationProtocols(String... names) {
    TlsOptions copy = copy();
    copy.applicationProtocols = List.of(names);
    return copy;
  }

  /**
   * Sets what a server asks of its clients.
   *
   * @param asked default {@link ClientAuth#NONE}
   * @return the changed copy
   */
  public TlsOptions withClientAuth(ClientAuth asked) {
    TlsOptions copy = copy();
    copy.clientAuth = Objects.requireNonNull(asked, "asked");
    return copy;
  }

  /**
   * Limits the handshake. {@link IoOp#timeout} of the operation takes its place where it is called.
   *
   * @param timeout more than zero, default 10 seconds
   * @return the changed copy
   */
  public TlsOptions withHandshakeTimeout(Duration timeout) {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + "; give more than zero");
    }
    TlsOptions copy = copy();
    copy.handshakeTimeout = timeout;
    return copy;
  }

  /**
   * Sets the versions.
   *
   * @param names such as {@code "TLSv1.3"}; default: what the context enables
   * @return the changed copy
   */
  public TlsOptions withProtocols(String... names) {
    TlsOptions copy = copy();
    copy.protocols = List.of(names);
    return copy;
  }

  /**
   * Sets the cipher suites.
   *
   * @param names the JDK's names; default: what the context enables
   * @return the changed copy
   */
  public TlsOptions withCipherSuites(String... names) {
    TlsOptions copy = copy();
    copy.cipherSuites = List.of(names);
    return copy;
  }

  /**
   * Keys and trust.
   *
   * @return the context
   */
  public SSLContext context() {
    return context;
  }

  /**
   * The role.
   *
   * @return true for the client's side
   */
  public boolean isClient() {
    return client;
  }

  /**
   * Whom a client means.
   *
   * @return the host, or null if it was not said
   */
  public @Nullable String peerHost() {
    return peerHost;
  }

  /**
   * The port of the peer.
   *
   * @return the port, or 0 if it was not said
   */
  public int peerPort() {
    return peerPort;
  }

  /**
   * Whether the certificate must be for the host.
   *
   * @return true for clients unless they were told otherwise
   */
  public boolean verifiesHost() {
    return verifiesHost;
  }

  /**
   * What a server asks of its clients.
   *
   * @return the rule
   */
  public ClientAuth clientAuth() {
    return clientAuth;
  }

  /**
   * The limit of the handshake.
   *
   * @return more than zero
   */
  public Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  /**
   * The application protocols, the preferred first.
   *
   * @return the names
   */
  public List<String> applicationProtocols() {
    return applicationProtocols;
  }

  /**
   * The versions.
   *
   * @return the names; empty means what the context enables
   */
  public List<String> protocols() {
    return protocols;
  }

  /**
   * The cipher suites.
   *
   * @return the names; empty means what the context enables
   */
  public List<String> cipherSuites() {
    return cipherSuites;
  }
}
