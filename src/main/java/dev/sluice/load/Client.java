package dev.sluice.load;

/**
 * What the generator itself did in the measured part.
 *
 * @param cpuMicrosPerOrder processor time of its process over orders sent, microseconds
 * @param loopBusy processor time of its event loop over wall time, 0 to 1
 * @param lagP99Ms how late the loop looked at its schedule
 * @param lagMaxMs the worst
 * @param behindShare of the time it ran more than 5 ms behind, 0 to 1
 */
public record Client(double cpuMicrosPerOrder, double loopBusy, double lagP99Ms, double lagMaxMs, double behindShare) {}
