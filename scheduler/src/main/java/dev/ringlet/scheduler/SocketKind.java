package dev.ringlet.scheduler;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.SocketOptions.Option;
import java.util.EnumSet;
import java.util.Set;

/** Which settings a socket knows. */
enum SocketKind {
  TCP(
      EnumSet.of(
          Option.NO_DELAY,
          Option.KEEP_ALIVE,
          Option.KEEP_ALIVE_IDLE,
          Option.KEEP_ALIVE_INTERVAL,
          Option.KEEP_ALIVE_COUNT,
          Option.RESET_ON_CLOSE,
          Option.SEND_BUFFER,
          Option.RECEIVE_BUFFER)),
  UNIX(EnumSet.of(Option.SEND_BUFFER, Option.RECEIVE_BUFFER)),
  UDP(
      EnumSet.of(
          Option.SEND_BUFFER,
          Option.RECEIVE_BUFFER,
          Option.BROADCAST,
          Option.MULTICAST_INTERFACE,
          Option.MULTICAST_HOPS,
          Option.MULTICAST_LOOP));

  private final Set<Option> known;

  SocketKind(Set<Option> known) {
    this.known = known;
  }

  /**
   * Refuses what such a socket does not know.
   *
   * @return the options
   */
  SocketOptions check(SocketOptions options) {
    for (Option option : options.kernelOptions()) {
      if (!known.contains(option)) {
        throw new IllegalArgumentException(
            "option: " + option + "; a " + this + " socket knows " + known + " only");
      }
    }
    boolean times =
        options.readTimeout() != null
            || options.writeTimeout() != null
            || options.idleTimeout() != null;
    if (this == UDP && times) {
      throw new IllegalArgumentException(
          "options: " + options + "; a UDP socket has no timeouts, IoOp.timeout is for its sends");
    }
    return options;
  }
}
