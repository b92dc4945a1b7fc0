package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A request of a test, which keeps what was reported of it. */
final class Call extends IoRequest {
  record Completion(int result, Object payload, boolean more) {}

  final List<Completion> completions = new ArrayList<>();
  boolean inFlight;

  private Call(IoOpcode opcode) {
    this.opcode = opcode;
  }

  static Call on(IoHandle handle, IoOpcode opcode) {
    Call call = new Call(opcode);
    call.handle = handle;
    return call;
  }

  static Call open(Path path, int flags) {
    Call call = new Call(IoOpcode.OPEN);
    call.path = path;
    call.flags = flags;
    return call;
  }

  static Call listen(SocketAddress address, int backlog) {
    Call call = new Call(IoOpcode.LISTEN);
    call.address = address;
    call.length = backlog;
    return call;
  }

  static Call connect(SocketAddress address) {
    Call call = new Call(IoOpcode.CONNECT);
    call.address = address;
    return call;
  }

  static Call pipe() {
    return new Call(IoOpcode.PIPE);
  }

  static Call bindDatagram(SocketAddress local, SocketAddress remote) {
    Call call = new Call(IoOpcode.BIND_DATAGRAM);
    call.localAddress = local;
    call.address = remote;
    return call;
  }

  static Call accept(IoHandle listener) {
    return on(listener, IoOpcode.ACCEPT);
  }

  static Call receive(IoHandle handle) {
    return on(handle, IoOpcode.RECEIVE);
  }

  static Call send(IoHandle handle, IoBuffer buffer) {
    Call call = on(handle, IoOpcode.SEND);
    call.buffer = buffer;
    call.length = buffer.readableBytes();
    return call;
  }

  static Call sendDatagram(IoHandle handle, IoBuffer buffer, SocketAddress to) {
    Call call = send(handle, buffer);
    call.opcode = IoOpcode.SEND_DATAGRAM;
    call.address = to;
    return call;
  }

  static Call close(IoHandle handle) {
    return on(handle, IoOpcode.CLOSE);
  }

  Call from(SocketAddress local) {
    localAddress = local;
    return this;
  }

  Call with(SocketOptions options) {
    socketOptions = options;
    return this;
  }

  Call flags(int set) {
    flags = set;
    return this;
  }

  Call other(IoHandle handle) {
    otherHandle = handle;
    return this;
  }

  Call length(int bytes) {
    length = bytes;
    return this;
  }

  boolean isFinished() {
    return !inFlight && !completions.isEmpty();
  }

  Completion last() {
    return completions.get(completions.size() - 1);
  }

  @Override
  public String toString() {
    return opcode + (inFlight ? " in flight " : " ") + completions;
  }
}
