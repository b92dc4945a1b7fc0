package dev.ringlet.io;

import java.io.Serial;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where a Unix domain socket is found on this machine: at a path of the file system, or under an
 * abstract name, which is gone with its last socket. Immutable.
 */
public final class UnixAddress extends SocketAddress {
  /** {@code sun_path} of {@code struct sockaddr_un} in {@code linux/un.h}, less the zero in it. */
  public static final int MAX_BYTES = 107;

  @Serial private static final long serialVersionUID = 1L;

  private final String name;
  private final boolean isAbstract;

  private UnixAddress(String name, boolean isAbstract) {
    this.name = name;
    this.isAbstract = isAbstract;
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > MAX_BYTES || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "address: " + name + "; give 1 to " + MAX_BYTES + " bytes without a zero among them");
    }
  }

  /**
   * A path. Binding makes a file there, which stays when the listener is closed: delete it before
   * the path is bound again. Who may connect is decided by the rights of the file.
   *
   * @param path at most {@value #MAX_BYTES} bytes long
   * @return the address
   */
  public static UnixAddress of(Path path) {
    return new UnixAddress(path.toString(), false);
  }

  /**
   * An abstract name: no file, no rights, Linux only. The NIO driver does not know them and fails
   * with EINVAL.
   *
   * @param name at most {@value #MAX_BYTES} bytes in UTF-8
   * @return the address
   */
  public static UnixAddress ofAbstract(String name) {
    return new UnixAddress(name, true);
  }

  /**
   * Whether {@link #name()} is not a path.
   *
   * @return true for an abstract name
   */
  public boolean isAbstract() {
    return isAbstract;
  }

  /**
   * The path, or the abstract name.
   *
   * @return the text
   */
  public String name() {
    return name;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnixAddress address
        && name.equals(address.name)
        && isAbstract == address.isAbstract;
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return (isAbstract ? "unix:@" : "unix:") + name;
  }
}
