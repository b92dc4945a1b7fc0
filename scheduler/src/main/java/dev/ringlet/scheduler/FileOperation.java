package dev.ringlet.scheduler;

import dev.ringlet.spi.IoOpcode;

/** An operation on an open file. */
abstract class FileOperation<T> extends DiskOperation<T> {
  private final DriverFile target;

  FileOperation(DriverFile target, String name, IoOpcode opcode) {
    super(target.executor(), name, target.turns());
    this.target = target;
    this.opcode = opcode;
    this.handle = target.handle();
  }

  final DriverFile target() {
    return target;
  }

  @Override
  String subject() {
    return target.path().toString();
  }
}
