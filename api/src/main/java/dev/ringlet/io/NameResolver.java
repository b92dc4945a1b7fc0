package dev.ringlet.io;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Finds the addresses of a host. The runtime calls it on a thread for work that blocks, never on an
 * executor, and takes what it answers as it is: a resolver that caches, asks a service registry or
 * prefers some addresses is one method.
 *
 * <p><b>Thread:</b> any thread, several at a time.
 */
@FunctionalInterface
public interface NameResolver {
  /**
   * What the operating system and the JDK say, with the JDK's cache ({@code
   * networkaddress.cache.ttl}).
   *
   * @return the resolver
   */
  static NameResolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }

  /**
   * Finds the addresses of a host; may block.
   *
   * @param host the name, or an address as text
   * @return at least one, the preferred first within its family
   * @throws IOException if there is none, usually {@link java.net.UnknownHostException}
   */
  List<InetAddress> resolve(String host) throws IOException;
}
