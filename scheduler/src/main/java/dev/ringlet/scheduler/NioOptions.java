package dev.ringlet.scheduler;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.SocketOptions.Option;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Options of channels. Stateless. */
final class NioOptions {
  /** SO_LINGER: not at all. */
  private static final int NO_LINGER = -1;

  private NioOptions() {}

  /** A connection that is not made yet, or was just accepted: without delay unless it says so. */
  static void applyToNew(SocketChannel channel, SocketOptions options) throws IOException {
    boolean tcp = channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY);
    if (tcp && !options.isSet(Option.NO_DELAY)) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    apply(channel, options);
  }

  /**
   * What connections inherit; the others are set on each of them. The receive buffer must be there
   * before a connection is, since the first packets tell the peer how far it may grow.
   */
  static void applyToListener(ServerSocketChannel channel, SocketOptions options)
      throws IOException {
    if (options.isSet(Option.RECEIVE_BUFFER)) {
      apply(channel, Option.RECEIVE_BUFFER, options.get(Option.RECEIVE_BUFFER));
    }
  }

  static void apply(NetworkChannel channel, SocketOptions options) throws IOException {
    for (Option option : Option.values()) {
      if (options.isSet(option)) {
        apply(channel, option, options.get(option));
      }
    }
  }

  private static void apply(NetworkChannel channel, Option option, int value) throws IOException {
    SocketOption<?> known = known(channel, option);
    if (known.type() == Boolean.class) {
      channel.setOption(typed(known, Boolean.class), value != 0);
    } else if (option == Option.RESET_ON_CLOSE) {
      channel.setOption(StandardSocketOptions.SO_LINGER, value != 0 ? 0 : NO_LINGER);
    } else if (option == Option.MULTICAST_INTERFACE) {
      NetworkInterface via = NetworkInterface.getByIndex(value);
      if (via == null) {
        throw new IllegalArgumentException("multicast interface: none has the index " + value);
      }
      channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, via);
    } else {
      channel.setOption(typed(known, Integer.class), value);
    }
  }

  static int get(NetworkChannel channel, Option option) throws IOException {
    Object value = channel.getOption(known(channel, option));
    if (option == Option.RESET_ON_CLOSE) {
      return value.equals(0) ? 1 : 0;
    }
    return value instanceof Boolean flag ? (flag ? 1 : 0) : (Integer) value;
  }

  /** Those of module jdk.net are found by name, so that it need not be there. */
  private static SocketOption<?> known(NetworkChannel channel, Option option) {
    String name = name(option);
    for (SocketOption<?> supported : channel.supportedOptions()) {
      if (supported.name().equals(name)) {
        return supported;
      }
    }
    throw new UnsupportedOperationException(
        option
            + ": a "
            + channel.getClass().getSimpleName()
            + " has no "
            + name
            + " here; the options of keep-alive need the module jdk.net, UDP_SEGMENT the uring driver");
  }

  private static String name(Option option) {
    return switch (option) {
      case NO_DELAY -> "TCP_NODELAY";
      case KEEP_ALIVE -> "SO_KEEPALIVE";
      case KEEP_ALIVE_IDLE -> "TCP_KEEPIDLE";
      case KEEP_ALIVE_INTERVAL -> "TCP_KEEPINTERVAL";
      case KEEP_ALIVE_COUNT -> "TCP_KEEPCOUNT";
      case RESET_ON_CLOSE -> "SO_LINGER";
      case SEND_BUFFER -> "SO_SNDBUF";
      case RECEIVE_BUFFER -> "SO_RCVBUF";
      case BROADCAST -> "SO_BROADCAST";
      case MULTICAST_INTERFACE -> "IP_MULTICAST_IF";
      case MULTICAST_HOPS -> "IP_MULTICAST_TTL";
      case MULTICAST_LOOP -> "IP_MULTICAST_LOOP";
      case SEGMENT_BYTES -> "UDP_SEGMENT";
    };
  }

  @SuppressWarnings("unchecked") // the type was looked at
  private static <T> SocketOption<T> typed(SocketOption<?> option, Class<T> type) {
    assert option.type() == type : option;
    return (SocketOption<T>) option;
  }
}
