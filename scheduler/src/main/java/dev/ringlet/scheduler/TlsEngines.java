package dev.ringlet.scheduler;

import dev.ringlet.io.TlsOptions;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Makes the JDK's engine as the options say. Any thread. */
final class TlsEngines {
  private TlsEngines() {}

  static void check(TlsOptions options) {
    if (options.isClient() && options.verifiesHost() && options.peerHost() == null) {
      throw new IllegalArgumentException(
          "options: a client verifies the host and was not told which; use withPeer(host, port), or"
              + " withoutHostVerification()");
    }
  }

  static SSLEngine engine(TlsOptions options) {
    String host = options.peerHost();
    SSLEngine engine =
        host == null
            ? options.context().createSSLEngine()
            : options.context().createSSLEngine(host, options.peerPort());
    engine.setUseClientMode(options.isClient());
    SSLParameters parameters = engine.getSSLParameters();
    if (!options.protocols().isEmpty()) {
      parameters.setProtocols(options.protocols().toArray(String[]::new));
    }
    if (!options.cipherSuites().isEmpty()) {
      parameters.setCipherSuites(options.cipherSuites().toArray(String[]::new));
    }
    parameters.setApplicationProtocols(options.applicationProtocols().toArray(String[]::new));
    if (options.isClient()) {
      client(options, host, parameters);
    } else {
      server(options, parameters);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static void client(TlsOptions options, @Nullable String host, SSLParameters parameters) {
    if (options.verifiesHost()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    SNIHostName name = host == null ? null : serverName(host);
    if (name != null) {
      parameters.setServerNames(List.of(name));
    }
  }

  /** RFC 6066, section 3: a name, never an address. */
  private static @Nullable SNIHostName serverName(String host) {
    boolean address = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    if (address) {
      return null;
    }
    try {
      return new SNIHostName(host);
    } catch (IllegalArgumentException notAName) {
      return null;
    }
  }

  private static void server(TlsOptions options, SSLParameters parameters) {
    switch (options.clientAuth()) {
      case NONE -> {}
      case WANT -> parameters.setWantClientAuth(true);
      case NEED -> parameters.setNeedClientAuth(true);
    }
  }
}
