package dev.ringlet.uring;

/** {@code struct io_uring_params} with its two embedded offset tables; absolute offsets. */
final class ParamsLayout {
  static final int BYTES = 120;

  static final int SQ_ENTRIES = 0;
  static final int CQ_ENTRIES = 4;
  static final int FLAGS = 8;
  static final int FEATURES = 20;
  static final int SQ_OFF_HEAD = 40;
  static final int SQ_OFF_TAIL = 44;
  static final int SQ_OFF_RING_MASK = 48;
  static final int SQ_OFF_FLAGS = 56;
  static final int SQ_OFF_ARRAY = 64;
  static final int CQ_OFF_HEAD = 80;
  static final int CQ_OFF_TAIL = 84;
  static final int CQ_OFF_RING_MASK = 88;
  static final int CQ_OFF_CQES = 100;

  private ParamsLayout() {}
}
