package dev.ringlet.scheduler;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.SocketOptions.Option;
import java.util.Arrays;

/** Which settings a socket knows. */
enum SocketKind {
  TCP,
  UNIX,
  UDP,
  UNIX_DATAGRAM;

  private boolean knows(Option option) {
    return switch (option) {
      case SEND_BUFFER, RECEIVE_BUFFER -> true;
      case NO_DELAY,
          KEEP_ALIVE,
          KEEP_ALIVE_IDLE,
          KEEP_ALIVE_INTERVAL,
          KEEP_ALIVE_COUNT,
          RESET_ON_CLOSE ->
          this == TCP;
      case BROADCAST, MULTICAST_INTERFACE, MULTICAST_HOPS, MULTICAST_LOOP, SEGMENT_BYTES ->
          this == UDP;
    };
  }

  /**
   * Refuses what such a socket does not know.
   *
   * @return the options
   */
  SocketOptions check(SocketOptions options) {
    for (Option option : options.kernelOptions()) {
      if (!knows(option)) {
        throw new IllegalArgumentException(
            "option: "
                + option
                + "; a "
                + this
                + " socket knows "
                + Arrays.stream(Option.values()).filter(this::knows).toList()
                + " only");
      }
    }
    boolean times =
        options.readTimeout() != null
            || options.writeTimeout() != null
            || options.idleTimeout() != null;
    Integer zeroCopyFrom = options.zeroCopyFrom();
    if (this != TCP && zeroCopyFrom != null && zeroCopyFrom > 0) {
      throw new IllegalArgumentException(
          "options: " + options + "; only TCP sends without a copy, leave withZeroCopyFrom away");
    }
    boolean datagrams = this == UDP || this == UNIX_DATAGRAM;
    if (datagrams && times) {
      throw new IllegalArgumentException(
          "options: "
              + options
              + "; a "
              + this
              + " socket has no timeouts, IoOp.timeout is for its sends");
    }
    return options;
  }
}
