package dev.ringlet.io;

import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a socket. Immutable. What is not set here stays as it is: for a new socket at the
 * kernel's defaults, but for {@link Option#NO_DELAY}, which every TCP connection has unless it is
 * switched off here.
 *
 * <p>Given to {@link ListenOptions#withSocket} they apply to every accepted connection, given to
 * {@link ConnectOptions#withSocket} to that one from before it is made, and given to {@link
 * TcpStream#configure} to an open one from then on.
 *
 * <p>There is no lingering close: a thread that serves a core would wait in the kernel for it.
 * {@linkplain TcpStream#shutdownOutput End the output} and wait for the peer's end instead, or
 * close with {@linkplain #withResetOnClose a reset}.
 */
public final class SocketOptions {
  /** What the kernel is told about a socket; for drivers. */
  public enum Option {
    /** TCP_NODELAY: 1 or 0. */
    NO_DELAY,
    /** SO_KEEPALIVE: 1 or 0. */
    KEEP_ALIVE,
    /** TCP_KEEPIDLE: seconds. */
    KEEP_ALIVE_IDLE,
    /** TCP_KEEPINTVL: seconds. */
    KEEP_ALIVE_INTERVAL,
    /** TCP_KEEPCNT: probes. */
    KEEP_ALIVE_COUNT,
    /** SO_LINGER: 1 lingers for 0 seconds, 0 does not linger. */
    RESET_ON_CLOSE,
    /** SO_SNDBUF: bytes. */
    SEND_BUFFER,
    /** SO_RCVBUF: bytes. */
    RECEIVE_BUFFER,
    /** SO_BROADCAST: 1 or 0. */
    BROADCAST,
    /** IP_MULTICAST_IF, IPV6_MULTICAST_IF: the index of the interface. */
    MULTICAST_INTERFACE,
    /** IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS: 0 to 255. */
    MULTICAST_HOPS,
    /** IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP: 1 or 0. */
    MULTICAST_LOOP,
    /** UDP_SEGMENT: bytes, 0 for off. */
    SEGMENT_BYTES
  }

  /** The kernel's own limits of {@code TCP_KEEPIDLE} and {@code TCP_KEEPINTVL}. */
  private static final int MAX_KEEP_ALIVE_SECONDS = 32767;

  /** The kernel's own limit of {@code TCP_KEEPCNT}. */
  private static final int MAX_KEEP_ALIVE_COUNT = 127;

  /** What fits into a packet of IPv4 besides the headers. */
  private static final int MAX_DATAGRAM_BYTES = 65507;

  /** The limit of a connection's waiting output where none is set, in bytes: 16 MiB. */
  public static final long DEFAULT_OUTPUT_LIMIT = 16L << 20;

  private static final SocketOptions DEFAULTS =
      new SocketOptions(new EnumMap<>(Option.class), null, null, null, null, null);

  /** Those that are set. Never changed. */
  private final EnumMap<Option, Integer> values;

  private final @Nullable Duration readTimeout;
  private final @Nullable Duration writeTimeout;
  private final @Nullable Duration idleTimeout;
  private final @Nullable Long outputLimit;
  private final @Nullable Integer zeroCopyFrom;

  private SocketOptions(
      EnumMap<Option, Integer> values,
      @Nullable Duration readTimeout,
      @Nullable Duration writeTimeout,
      @Nullable Duration idleTimeout,
      @Nullable Long outputLimit,
      @Nullable Integer zeroCopyFrom) {
    this.values = values;
    this.readTimeout = readTimeout;
    this.writeTimeout = writeTimeout;
    this.idleTimeout = idleTimeout;
    this.outputLimit = outputLimit;
    this.zeroCopyFrom = zeroCopyFrom;
  }

  /**
   * Nothing is set.
   *
   * @return the options
   */
  public static SocketOptions defaults() {
    return DEFAULTS;
  }

  private SocketOptions with(Option option, int value) {
    EnumMap<Option, Integer> changed = new EnumMap<>(values);
    changed.put(option, value);
    return new SocketOptions(
        changed, readTimeout, writeTimeout, idleTimeout, outputLimit, zeroCopyFrom);
  }

  /**
   * Sets what the other options set, and leaves the rest.
   *
   * @param changes options that take precedence
   * @return the changed copy
   */
  public SocketOptions with(SocketOptions changes) {
    EnumMap<Option, Integer> changed = new EnumMap<>(values);
    changed.putAll(changes.values);
    return new SocketOptions(
        changed,
        changes.readTimeout == null ? readTimeout : changes.readTimeout,
        changes.writeTimeout == null ? writeTimeout : changes.writeTimeout,
        changes.idleTimeout == null ? idleTimeout : changes.idleTimeout,
        changes.outputLimit == null ? outputLimit : changes.outputLimit,
        changes.zeroCopyFrom == null ? zeroCopyFrom : changes.zeroCopyFrom);
  }

  /**
   * Whether small pieces leave at once (the default), or wait for the acknowledgement of those
   * before them.
   *
   * @param noDelay true for at once
   * @return the changed copy
   */
  public SocketOptions withNoDelay(boolean noDelay) {
    return with(Option.NO_DELAY, noDelay ? 1 : 0);
  }

  /**
   * Whether the kernel asks a silent peer whether it is still there; off by default. A peer that
   * does not answer fails the connection with ETIMEDOUT.
   *
   * @param keepAlive true to ask, in the system's rhythm unless {@link #withKeepAlive(Duration,
   *     Duration, int)} sets another
   * @return the changed copy
   */
  public SocketOptions withKeepAlive(boolean keepAlive) {
    return with(Option.KEEP_ALIVE, keepAlive ? 1 : 0);
  }

  /**
   * Lets the kernel ask a silent peer whether it is still there.
   *
   * @param idle how long the peer may be silent before it is asked, 1 to 32767 whole seconds
   * @param interval the time from question to question, 1 to 32767 whole seconds
   * @param count how many questions without an answer fail the connection, 1 to 127
   * @return the changed copy
   */
  public SocketOptions withKeepAlive(Duration idle, Duration interval, int count) {
    if (count < 1 || count > MAX_KEEP_ALIVE_COUNT) {
      throw new IllegalArgumentException("count: " + count + "; give 1 to " + MAX_KEEP_ALIVE_COUNT);
    }
    return with(Option.KEEP_ALIVE, 1)
        .with(Option.KEEP_ALIVE_IDLE, seconds("idle", idle))
        .with(Option.KEEP_ALIVE_INTERVAL, seconds("interval", interval))
        .with(Option.KEEP_ALIVE_COUNT, count);
  }

  private static int seconds(String name, Duration duration) {
    long seconds = duration.toSeconds();
    boolean whole = duration.equals(Duration.ofSeconds(seconds));
    if (!whole || seconds < 1 || seconds > MAX_KEEP_ALIVE_SECONDS) {
      throw new IllegalArgumentException(
          name + ": " + duration + "; give 1 to " + MAX_KEEP_ALIVE_SECONDS + " whole seconds");
    }
    return (int) seconds;
  }

  /**
   * Whether a close resets the connection: what was sent and has not arrived is lost, and the peer
   * sees ECONNRESET. Off by default.
   *
   * @param reset true for a reset
   * @return the changed copy
   */
  public SocketOptions withResetOnClose(boolean reset) {
    return with(Option.RESET_ON_CLOSE, reset ? 1 : 0);
  }

  /**
   * How much the kernel may hold of what was sent and not acknowledged. It doubles the number for
   * its own book-keeping, and cuts it to {@code net.core.wmem_max}; unset it adjusts the size
   * itself, which is better for most.
   *
   * @param bytes more than zero
   * @return the changed copy
   */
  public SocketOptions withSendBuffer(int bytes) {
    return with(Option.SEND_BUFFER, requirePositive(bytes));
  }

  /**
   * How much the kernel may hold of what was received and not taken. It doubles the number for its
   * own book-keeping, and cuts it to {@code net.core.rmem_max}; unset it adjusts the size itself,
   * which is better for most.
   *
   * @param bytes more than zero
   * @return the changed copy
   */
  public SocketOptions withReceiveBuffer(int bytes) {
    return with(Option.RECEIVE_BUFFER, requirePositive(bytes));
  }

  private static int requirePositive(int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes: " + bytes + "; give more than zero");
    }
    return bytes;
  }

  /**
   * Whether a UDP socket may send to broadcast addresses; off by default.
   *
   * @param broadcast true to allow it
   * @return the changed copy
   */
  public SocketOptions withBroadcast(boolean broadcast) {
    return with(Option.BROADCAST, broadcast ? 1 : 0);
  }

  /**
   * Where multicast datagrams of a UDP socket leave; by default where the routes say.
   *
   * @param via the interface
   * @return the changed copy
   */
  public SocketOptions withMulticastInterface(NetworkInterface via) {
    return with(Option.MULTICAST_INTERFACE, via.getIndex());
  }

  /**
   * How many routers multicast datagrams of a UDP socket may pass; 1 by default, the local network.
   *
   * @param hops 0, this machine, to 255
   * @return the changed copy
   */
  public SocketOptions withMulticastHops(int hops) {
    if (hops < 0 || hops > 255) {
      throw new IllegalArgumentException("hops: " + hops + "; give 0 to 255");
    }
    return with(Option.MULTICAST_HOPS, hops);
  }

  /**
   * Whether members of a group on this machine get what a UDP socket sends to it; on by default.
   *
   * @param loop false to leave them out
   * @return the changed copy
   */
  public SocketOptions withMulticastLoop(boolean loop) {
    return with(Option.MULTICAST_LOOP, loop ? 1 : 0);
  }

  /**
   * Has a UDP socket cut each send into datagrams of one size, of which only the last one may be
   * shorter (UDP_SEGMENT, Linux 4.18): they go through the kernel as one, and the network card cuts
   * them where it can. Off by default. With it one send has at most 64 datagrams and 65507 bytes,
   * else it fails with EINVAL or EMSGSIZE; a datagram larger than the route's MTU allows fails with
   * EINVAL. With the uring driver only; NIO fails with EINVAL when the socket is bound.
   *
   * @param bytes of a datagram without its headers, 1 to 65507, or zero for off
   * @return the changed copy
   */
  public SocketOptions withSegmentBytes(int bytes) {
    if (bytes < 0 || bytes > MAX_DATAGRAM_BYTES) {
      throw new IllegalArgumentException(
          "bytes: " + bytes + "; give 1 to " + MAX_DATAGRAM_BYTES + ", or zero for off");
    }
    return with(Option.SEGMENT_BYTES, bytes);
  }

  /**
   * Limits how long nothing may arrive while a subscription to {@link TcpStream#receive()} has
   * demand; the stream then ends with an {@link IoException} ETIMEDOUT, and the connection is there
   * to be closed. Time without demand does not count; time in which others hold all receive buffers
   * of the executor does. Without limit by default.
   *
   * @param timeout the limit, or zero for none
   * @return the changed copy
   */
  public SocketOptions withReadTimeout(Duration timeout) {
    Duration checked = requireNotNegative(timeout);
    return new SocketOptions(values, checked, writeTimeout, idleTimeout, outputLimit, zeroCopyFrom);
  }

  /**
   * Limits how long the kernel may take nothing of what is being sent, because the peer does not
   * read; the send then fails with {@link IoException} ETIMEDOUT. If a part of it had left, later
   * ones fail with EPIPE. Without limit by default.
   *
   * @param timeout the limit, or zero for none
   * @return the changed copy
   */
  public SocketOptions withWriteTimeout(Duration timeout) {
    Duration checked = requireNotNegative(timeout);
    return new SocketOptions(values, readTimeout, checked, idleTimeout, outputLimit, zeroCopyFrom);
  }

  /**
   * Limits how long nothing may move in either direction while a subscription to {@link
   * TcpStream#receive()} has demand; the stream then ends with an {@link IoException} ETIMEDOUT.
   * Without limit by default.
   *
   * @param timeout the limit, or zero for none
   * @return the changed copy
   */
  public SocketOptions withIdleTimeout(Duration timeout) {
    Duration checked = requireNotNegative(timeout);
    return new SocketOptions(values, readTimeout, writeTimeout, checked, outputLimit, zeroCopyFrom);
  }

  private static Duration requireNotNegative(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException(
          "timeout: " + timeout + "; give more than zero, or zero for none");
    }
    return timeout;
  }

  /**
   * Limits how much may wait to be sent, see {@link TcpStream#pendingBytes()}; {@value
   * #DEFAULT_OUTPUT_LIMIT} bytes by default. A higher limit costs memory where peers do not read.
   *
   * @param bytes more than zero; {@link Long#MAX_VALUE} is without limit
   * @return the changed copy
   */
  public SocketOptions withOutputLimit(long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes: " + bytes + "; give more than zero");
    }
    return new SocketOptions(values, readTimeout, writeTimeout, idleTimeout, bytes, zeroCopyFrom);
  }

  /**
   * Has a TCP connection send large buffers without a copy (IORING_OP_SEND_ZC, Linux 6.0), where
   * the driver is io_uring and the kernel can; elsewhere it changes nothing. Off by default: it
   * pays only on a network card that gathers the bytes itself, and there for sends of some 10 KB at
   * least, since the kernel has to pin the pages and to tell when it is done with them. On the
   * loopback interface it copies all the same, and is slower than a plain send.
   *
   * <p>A send completes as always, when the kernel has taken the bytes over; but then it reads them
   * from the buffer until the peer has acknowledged them, and only then the memory goes back to its
   * pool, also if the send was cancelled or the connection closed. So who {@linkplain
   * IoBuffer#retain retains} a buffer beyond its send may read it and send it again, but not write
   * to it; and peers that do not read keep memory of the executor, as much as the kernel's
   * {@linkplain #withSendBuffer send buffer} allows each of them. For single buffers, not for
   * vectors.
   *
   * @param bytes sends of so many bytes or more, or zero for none
   * @return the changed copy
   */
  public SocketOptions withZeroCopyFrom(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "bytes: " + bytes + "; give more than zero, or zero for none");
    }
    return new SocketOptions(values, readTimeout, writeTimeout, idleTimeout, outputLimit, bytes);
  }

  /**
   * What is told to the kernel; for drivers.
   *
   * @return the options that are set, not to be changed
   */
  public Set<Option> kernelOptions() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /**
   * The read timeout.
   *
   * @return zero for none, or null if it is not set
   */
  public @Nullable Duration readTimeout() {
    return readTimeout;
  }

  /**
   * The write timeout.
   *
   * @return zero for none, or null if it is not set
   */
  public @Nullable Duration writeTimeout() {
    return writeTimeout;
  }

  /**
   * The idle timeout.
   *
   * @return zero for none, or null if it is not set
   */
  public @Nullable Duration idleTimeout() {
    return idleTimeout;
  }

  /**
   * The limit of waiting output.
   *
   * @return bytes, or null if it is not set
   */
  public @Nullable Long outputLimit() {
    return outputLimit;
  }

  /**
   * From what size sends are done without a copy.
   *
   * @return bytes, zero for never, or null if it is not set
   */
  public @Nullable Integer zeroCopyFrom() {
    return zeroCopyFrom;
  }

  /**
   * Whether an option is set.
   *
   * @param option which
   * @return true if {@link #get} gives its value
   */
  public boolean isSet(Option option) {
    return values.containsKey(option);
  }

  /**
   * The value of an option, in the unit that it states.
   *
   * @param option one that is set
   * @return the value
   * @throws IllegalStateException if it is not set
   */
  public int get(Option option) {
    Integer value = values.get(option);
    if (value == null) {
      throw new IllegalStateException(option + " is not set; ask isSet first");
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SocketOptions options
        && values.equals(options.values)
        && Objects.equals(readTimeout, options.readTimeout)
        && Objects.equals(writeTimeout, options.writeTimeout)
        && Objects.equals(idleTimeout, options.idleTimeout)
        && Objects.equals(outputLimit, options.outputLimit)
        && Objects.equals(zeroCopyFrom, options.zeroCopyFrom);
  }

  @Override
  public int hashCode() {
    return Objects.hash(values, readTimeout, writeTimeout, idleTimeout, outputLimit, zeroCopyFrom);
  }

  @Override
  public String toString() {
    return "SocketOptions"
        + values
        + named(", read timeout ", readTimeout)
        + named(", write timeout ", writeTimeout)
        + named(", idle timeout ", idleTimeout)
        + named(", output limit ", outputLimit)
        + named(", zero copy from ", zeroCopyFrom);
  }

  private static String named(String name, @Nullable Object value) {
    return value == null ? "" : name + value;
  }
}
