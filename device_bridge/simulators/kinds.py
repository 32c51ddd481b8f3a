"""The kinds of robot that the simulators play, as data: pattern, limits, battery, tasks, counters and warnings.

A new kind is a new row in `KINDS`. Figures are typical of the class of robot, invented for the demo.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from device_bridge.simulators.kinematics import MotionLimits
from device_bridge.wire.report import Mode


class Pattern(StrEnum):
    """How a robot uses its floor."""

    ROAM = "roam"
    """From one point to another, with a stop at each."""
    LANES = "lanes"
    """Lane beside lane, as a mower or a cleaning robot."""
    PATROL = "patrol"
    """Along the edge, with a look around at each corner."""
    STAND = "stand"
    """On one spot."""


@dataclass(frozen=True, slots=True)
class TaskWords:
    """One text in English and Chinese; `{n}` stands for a small number."""

    en: str
    zh: str

    def filled(self, number: int) -> dict[str, str]:
        """Return the text per language code."""
        return {"en": self.en.format(n=number), "zh": self.zh.format(n=number)}


@dataclass(frozen=True, slots=True)
class Hitch:
    """Something small that goes wrong now and then."""

    code: str
    words: TaskWords


@dataclass(frozen=True, slots=True)
class CountedMetric:
    """A number that rises while the robot works: so much an hour, in steps of 1 or with decimals."""

    metric: str
    per_hour: float
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class RobotModel:
    """One kind of robot."""

    pattern: Pattern
    limits: MotionLimits
    tasks: tuple[TaskWords, ...]
    counts: tuple[CountedMetric, ...]
    hitches: tuple[Hitch, ...]
    margin: float = 0.4
    """Metres that the robot's centre keeps to the edge of its floor."""
    stop_seconds: tuple[float, float] = (4.0, 12.0)
    lap_seconds: float = 150.0
    """A lap starts and ends at the dock."""
    mode: Mode = Mode.AUTOMATIC
    hours_on_battery: float | None = 3.0
    """Of simulated work between two charges; None for a robot on the mains."""


WIFI = Hitch("wifi-weak", TaskWords("Weak Wi-Fi", "Wi-Fi 信号弱"))
LIDAR = Hitch("lidar-dirty", TaskWords("Clean the lidar window", "请清洁激光雷达窗口"))
BRUSH = Hitch("brush-worn", TaskWords("The brush is nearly worn", "滚刷即将到寿命"))
WATER = Hitch("water-low", TaskWords("Refill the water tank", "请加注清水"))
WARM = Hitch("motor-warm", TaskWords("A motor is warm", "电机温度偏高"))
BEANS = Hitch("beans-low", TaskWords("Refill the coffee beans", "请补充咖啡豆"))
CROWD = Hitch("path-crowded", TaskWords("Many people in the way", "通道人员较多"))

WAITING = TaskWords("Waiting for visitors", "等待观众")
CHARGING = TaskWords("Charging", "充电中")

_SLOW = MotionLimits(0.5, 0.4, 0.9, 1.8)
_BRISK = MotionLimits(0.9, 0.6, 1.4, 2.8)
_STILL = MotionLimits(0.1)

_DELIVERY = RobotModel(
    Pattern.ROAM,
    MotionLimits(0.8, 0.5, 1.2, 2.4),
    (
        TaskWords("Taking a tray to table {n}", "正在为 {n} 号桌送餐"),
        TaskWords("Delivering a parcel to room {n}", "正在给 {n} 号房送物"),
        TaskWords("Bringing back tray {n}", "正在回收 {n} 号餐盘"),
    ),
    (CountedMetric("deliveries_today", 18), CountedMetric("distance_m_today", 420, 1)),
    (CROWD, WIFI, LIDAR),
)
_CLEANING = RobotModel(
    Pattern.LANES,
    _SLOW,
    (TaskWords("Scrubbing section {n}", "正在洗地 {n} 区"), TaskWords("Sweeping section {n}", "正在清扫 {n} 区")),
    (CountedMetric("area_m2_today", 310, 1), CountedMetric("water_l_today", 9, 1)),
    (BRUSH, WATER, LIDAR),
    margin=0.35,
    lap_seconds=240.0,
)
_RECEPTION = RobotModel(
    Pattern.ROAM,
    _SLOW,
    (
        TaskWords("Welcoming a guest", "正在迎宾"),
        TaskWords("Showing the way to point {n}", "正在引导观众前往 {n} 号点"),
        TaskWords("Answering question {n} of this visit", "正在回答第 {n} 个问题"),
    ),
    (CountedMetric("guests_today", 36), CountedMetric("questions_today", 95)),
    (WIFI, CROWD),
    stop_seconds=(12.0, 30.0),
)
_QUADRUPED = RobotModel(
    Pattern.ROAM,
    MotionLimits(1.4, 1.0, 2.0, 4.0),
    (TaskWords("Walking course {n}", "正在行走 {n} 号路线"), TaskWords("Showing gait {n}", "正在展示第 {n} 种步态")),
    (CountedMetric("steps_today", 5200), CountedMetric("distance_m_today", 1400, 1)),
    (WARM, WIFI),
    stop_seconds=(2.0, 6.0),
    hours_on_battery=1.5,
)
_HUMANOID = RobotModel(
    Pattern.ROAM,
    MotionLimits(0.7, 0.4, 0.8, 1.6),
    (
        TaskWords("Sorting part {n}", "正在分拣 {n} 号零件"),
        TaskWords("Shaking hands with visitors", "正在与观众握手"),
        TaskWords("Showing motion {n}", "正在展示第 {n} 套动作"),
    ),
    (CountedMetric("motions_today", 64), CountedMetric("steps_today", 2400)),
    (WARM, WIFI),
    stop_seconds=(8.0, 20.0),
    hours_on_battery=1.5,
)
_COFFEE = RobotModel(
    Pattern.STAND,
    _STILL,
    (TaskWords("Making a latte, order {n}", "正在制作拿铁 订单 {n}"), TaskWords("Pouring coffee {n}", "正在出杯 {n}")),
    (CountedMetric("cups_today", 42), CountedMetric("beans_g_today", 760)),
    (BEANS, WATER),
    stop_seconds=(35.0, 55.0),
    hours_on_battery=None,
)
_ARM = RobotModel(
    Pattern.STAND,
    _STILL,
    (TaskWords("Picking part {n}", "正在抓取 {n} 号工件"), TaskWords("Running programme {n}", "正在运行程序 {n}")),
    (CountedMetric("cycles_today", 480),),
    (WARM,),
    stop_seconds=(18.0, 40.0),
    hours_on_battery=None,
)
_EXOSKELETON = RobotModel(
    Pattern.ROAM,
    MotionLimits(0.9, 0.5, 1.2, 2.4),
    (TaskWords("Assisting a walk, level {n}", "正在助行 第 {n} 档"), TaskWords("Assisting a lift", "正在助力搬举")),
    (CountedMetric("assisted_steps_today", 1900), CountedMetric("trials_today", 9)),
    (WARM,),
    stop_seconds=(10.0, 25.0),
    mode=Mode.MANUAL,
)
_INSPECTION = RobotModel(
    Pattern.PATROL,
    MotionLimits(0.7, 0.5, 1.0, 2.0),
    (TaskWords("Inspecting point {n}", "正在巡检 {n} 号点位"), TaskWords("Reading meter {n}", "正在读取 {n} 号表计")),
    (CountedMetric("points_today", 88), CountedMetric("distance_m_today", 640, 1)),
    (LIDAR, WIFI),
)
_COMPANION = RobotModel(
    Pattern.ROAM,
    _SLOW,
    (TaskWords("Playing with a child", "正在陪孩子玩耍"), TaskWords("Telling story {n}", "正在讲第 {n} 个故事")),
    (CountedMetric("talks_today", 48),),
    (WIFI,),
    margin=0.3,
    stop_seconds=(10.0, 25.0),
)
_LAWN = RobotModel(
    Pattern.LANES,
    MotionLimits(0.4, 0.4, 0.9, 1.8),
    (TaskWords("Mowing strip {n}", "正在修剪 {n} 号草带"),),
    (CountedMetric("area_m2_today", 190, 1),),
    (BRUSH,),
    margin=0.3,
    lap_seconds=210.0,
)
_SERVICE = RobotModel(
    Pattern.ROAM,
    _BRISK,
    (TaskWords("Showing programme {n}", "正在演示程序 {n}"),),
    (CountedMetric("demos_today", 12), CountedMetric("distance_m_today", 380, 1)),
    (WIFI, LIDAR),
)

_POOL = replace(_LAWN, tasks=(TaskWords("Cleaning pool lane {n}", "正在清洁泳池 {n} 号道"),))
_WATER = replace(_LAWN, tasks=(TaskWords("Collecting litter on track {n}", "正在清理 {n} 号水域漂浮物"),))
_WINDOW = replace(_LAWN, tasks=(TaskWords("Cleaning pane {n}", "正在擦洗 {n} 号玻璃"),))
_CLIMBER = replace(_INSPECTION, limits=_SLOW, tasks=(TaskWords("Checking wall panel {n}", "正在检查 {n} 号墙板"),))
_FIREFIGHTING = replace(
    _SERVICE,
    tasks=(
        TaskWords("Aiming at target {n}", "正在瞄准 {n} 号目标"),
        TaskWords("Scouting route {n}", "正在侦察 {n} 号路线"),
    ),
    counts=(CountedMetric("drills_today", 8), CountedMetric("distance_m_today", 300, 1)),
)
_HARVEST = replace(
    _ARM, tasks=(TaskWords("Picking fruit {n}", "正在采摘第 {n} 个果实"),), counts=(CountedMetric("fruits_today", 210),)
)
_WHEELCHAIR = replace(
    _SERVICE,
    limits=_SLOW,
    mode=Mode.SEMIAUTOMATIC,
    tasks=(TaskWords("Driving a guest to point {n}", "正在载客前往 {n} 号点"),),
    counts=(CountedMetric("rides_today", 11), CountedMetric("distance_m_today", 260, 1)),
)

KINDS: dict[str, RobotModel] = {
    "arm": _ARM,
    "cleaning": _CLEANING,
    "climber": _CLIMBER,
    "coffee": _COFFEE,
    "companion": _COMPANION,
    "cooking": _COFFEE,
    "delivery": _DELIVERY,
    "disinfection": _CLEANING,
    "education": _COMPANION,
    "exoskeleton": _EXOSKELETON,
    "firefighting": _FIREFIGHTING,
    "guide": _RECEPTION,
    "hand": _ARM,
    "harvest": _HARVEST,
    "humanoid": _HUMANOID,
    "inspection": _INSPECTION,
    "lawn": _LAWN,
    "logistics": _DELIVERY,
    "manipulator": _HUMANOID,
    "patrol": _INSPECTION,
    "pool": _POOL,
    "quadruped": _QUADRUPED,
    "reception": _RECEPTION,
    "retail": _COFFEE,
    "security": _INSPECTION,
    "service": _SERVICE,
    "water": _WATER,
    "wheelchair": _WHEELCHAIR,
    "window": _WINDOW,
}


def kind_named(name: str) -> RobotModel:
    """Return the kind of that name; a kind that nobody described yet roams about as a service robot."""
    return KINDS.get(name, _SERVICE)
