package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions.Option;
import dev.ringlet.spi.Errno;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TCP connection. Its process may have closed it while what it has sent is still under
 * way. The simulation's thread.
 */
final class SimTcp extends SimStream {
  /** As Linux has them: {@code tcp_keepalive_time}, {@code _intvl} and {@code _probes}. */
  private static final int KEEP_ALIVE_IDLE_SECONDS = 7200;

  private static final int KEEP_ALIVE_INTERVAL_SECONDS = 75;
  private static final int KEEP_ALIVE_PROBES = 9;

  private final SimNetwork network;
  private final SimMachine machine;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private final SimTcpFlow output;
  private @Nullable SimTcp peer;
  private @Nullable SimConnect connecting;
  private boolean closed;

  /** Nothing is sent or received any more. */
  private boolean dead;

  /** Its process hears nothing of it any more either. */
  private boolean vanished;

  /** All that the other side has sent has arrived. */
  private boolean inputEnded;

  /** What the next operation is told. */
  private int error;

  private Agenda.@Nullable Entry keepAlive;

  SimTcp(
      SimNetwork network, SimMachine machine, InetSocketAddress local, InetSocketAddress remote) {
    this.network = network;
    this.machine = machine;
    this.local = local;
    this.remote = remote;
    this.output = new SimTcpFlow(network, this);
  }

  SimMachine machine() {
    return machine;
  }

  @Override
  InetSocketAddress localAddress() {
    return local;
  }

  @Override
  InetSocketAddress remoteAddress() {
    return remote;
  }

  SimTcp peer() {
    if (peer == null) {
      throw new AssertionError(this + " has no other end yet");
    }
    return peer;
  }

  boolean hasPeer() {
    return peer != null;
  }

  /** Whether nobody takes what arrives. */
  boolean isGone() {
    return closed || dead;
  }

  int sendLimit() {
    return option(Option.SEND_BUFFER, DEFAULT_BUFFER_BYTES);
  }

  int receiveLimit() {
    return option(Option.RECEIVE_BUFFER, DEFAULT_BUFFER_BYTES);
  }

  // ---- its beginning

  void connecting(SimConnect connect) {
    connecting = connect;
  }

  /** The other side has taken the request for a connection. */
  void accepted(SimTcp by) {
    peer = by;
    by.peer = this;
    by.output.greet();
  }

  /** The other side's answer has come. */
  void greeted() {
    SimConnect connect = connecting;
    if (connect != null) {
      connecting = null;
      connect.established();
    } else if (isGone()) {
      refuse();
    }
  }

  void cancelConnect() {
    die(0);
  }

  /** Nobody listens there. */
  void refused() {
    if (connecting != null) {
      die(Errno.ECONNREFUSED);
    }
  }

  // ---- its end

  /** Its process lets go of it. */
  @Override
  void close(boolean withReset) {
    closed = true;
    stopKeepAlive();
    if (dead) {
      return;
    }
    boolean unread = available() > 0;
    if (peer == null) {
      die(0);
    } else if (withReset || unread || option(Option.RESET_ON_CLOSE, 0) != 0) {
      refuse();
    } else {
      output.end();
      forgetIfDone();
    }
  }

  /** Tells the other side that there is no connection. */
  void refuse() {
    output.reset();
    dead = true;
    network.forget(this);
  }

  /** The other side has ended its output. */
  void inputEnds() {
    inputEnded |= !dead;
  }

  /** All that it has sent has arrived. */
  void outputHasEnded() {
    forgetIfDone();
  }

  private void forgetIfDone() {
    if (closed && output.endHasArrived()) {
      network.forget(this);
    }
  }

  /** The other side has told that there is no connection. */
  void reset() {
    die(inputEnded ? Errno.EPIPE : Errno.ECONNRESET);
  }

  void timeOut() {
    die(Errno.ETIMEDOUT);
  }

  /** Its machine is gone, and the other side does not hear of it. */
  void vanish() {
    if (connecting == null && !dead) {
      dead = true;
      vanished = true;
      output.stop();
      stopKeepAlive();
      network.forget(this);
    }
  }

  private void die(int cause) {
    if (dead) {
      return;
    }
    dead = true;
    error = closed ? 0 : cause;
    output.stop();
    stopKeepAlive();
    network.forget(this);
    SimConnect connect = connecting;
    if (connect != null) {
      connecting = null;
      connect.failed(cause);
    }
    changed();
  }

  // ---- the way to the other side

  /** It may have become blocked, or free. */
  void wayChanged() {
    if (peer == null) {
      return;
    }
    if (network.isBlocked(this)) {
      output.push();
    } else {
      output.healed();
    }
    if (network.isBlocked(this) || network.isBlocked(peer)) {
      startKeepAlive();
    } else if (!peer.dead) {
      stopKeepAlive();
    }
  }

  private void startKeepAlive() {
    if (keepAlive == null && !closed && !dead && option(Option.KEEP_ALIVE, 0) != 0) {
      long idle = option(Option.KEEP_ALIVE_IDLE, KEEP_ALIVE_IDLE_SECONDS);
      long interval = option(Option.KEEP_ALIVE_INTERVAL, KEEP_ALIVE_INTERVAL_SECONDS);
      long seconds = idle + interval * option(Option.KEEP_ALIVE_COUNT, KEEP_ALIVE_PROBES);
      keepAlive = network.in(seconds * 1_000_000_000L, this::unanswered);
    }
  }

  /** By nobody, or by a machine that does not know the connection. */
  private void unanswered() {
    if (network.isBlocked(this) || network.isBlockedBack(this)) {
      timeOut();
    } else {
      reset();
    }
  }

  private void stopKeepAlive() {
    if (keepAlive != null) {
      keepAlive.cancel();
      keepAlive = null;
    }
  }

  // ---- receiving

  @Override
  boolean isReadable() {
    return !vanished && (available() > 0 || inputEnded || error != 0 || dead);
  }

  @Override
  int available() {
    return peer == null ? 0 : peer.output.arrived();
  }

  @Override
  int end() {
    return inputEnded ? 0 : -takeError();
  }

  private int takeError() {
    int told = error;
    error = 0;
    return told;
  }

  @Override
  void look(ByteBuffer target) {
    peer().output.look(target);
  }

  @Override
  void skip(int count) {
    peer().output.skip(count);
  }

  // ---- sending

  @Override
  int room() {
    if (error != 0) {
      return -takeError();
    }
    if (vanished) {
      return 0;
    }
    return dead || output.isEnded() ? -Errno.EPIPE : output.room();
  }

  @Override
  void send(ByteBuffer source) {
    output.send(source);
  }

  @Override
  void sendLater(IoBuffer buffer, ByteBuffer source) {
    output.sendLater(buffer, source);
  }

  @Override
  int endOutput() {
    if (dead) {
      return -Errno.ENOTCONN;
    }
    output.end();
    return 0;
  }

  @Override
  boolean isConnection() {
    return true;
  }

  @Override
  public String toString() {
    return "connection " + local + " to " + remote;
  }
}
