package dev.ringlet.uring;

import dev.ringlet.io.FilePermissions;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that remembers what was completed. */
final class TestRequest extends IoRequest {
  /** One call of the sink. */
  record Completion(int result, @Nullable Object payload, boolean more) {}

  final List<Completion> completions = new ArrayList<>();

  private TestRequest(IoOpcode opcode, @Nullable IoHandle handle) {
    this.opcode = opcode;
    this.handle = handle;
  }

  static TestRequest on(@Nullable IoHandle handle, IoOpcode opcode) {
    return new TestRequest(opcode, handle);
  }

  static TestRequest multishot(IoHandle handle, IoOpcode opcode) {
    TestRequest request = on(handle, opcode);
    request.flags = MULTISHOT;
    return request;
  }

  static TestRequest open(Path path, int flags) {
    TestRequest request = on(null, IoOpcode.OPEN);
    request.path = path;
    request.flags = flags;
    request.length = FilePermissions.FILE.bits();
    return request;
  }

  static TestRequest transfer(
      IoOpcode opcode, IoHandle handle, IoBuffer buffer, int length, long position) {
    TestRequest request = on(handle, opcode);
    request.buffer = buffer;
    request.length = length;
    request.position = position;
    return request;
  }

  static TestRequest listen(SocketAddress address, int flags) {
    TestRequest request = on(null, IoOpcode.LISTEN);
    request.address = address;
    request.length = 1024;
    request.flags = flags;
    return request;
  }

  static TestRequest connect(SocketAddress address) {
    TestRequest request = on(null, IoOpcode.CONNECT);
    request.address = address;
    return request;
  }

  static TestRequest delay(long nanos) {
    TestRequest request = on(null, IoOpcode.DELAY);
    request.position = nanos;
    return request;
  }

  static TestRequest truncate(IoHandle handle, long length) {
    TestRequest request = on(handle, IoOpcode.TRUNCATE);
    request.position = length;
    return request;
  }

  boolean isDone() {
    return !completions.isEmpty() && !last().more;
  }

  Completion last() {
    return completions.get(completions.size() - 1);
  }

  int result() {
    return last().result;
  }

  UringHandle handlePayload() {
    return (UringHandle) last().payload;
  }
}
