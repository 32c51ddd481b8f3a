"""What people call the kinds of robots besides the taxonomy's own words, in both languages, by code; pure data."""

from collections.abc import Mapping
from types import MappingProxyType

ALSO_CALLED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "AC11": ("vacuum mop sweeping home", "扫地机 扫拖 吸尘 拖地 家用清洁"),
        "AC12": ("window glass home", "玻璃 擦玻璃"),
        "AC13": ("lawn mower garden grass", "割草机 草坪 庭院"),
        "AC21": ("companion toy pet family children", "陪伴 儿童 家庭 宠物 桌面"),
        "AC22": ("school classroom teaching STEM coding", "教育 教学 编程 课堂 学校"),
        "AC31": ("wheelchair walking elderly rollator", "轮椅 助行 老人 养老 代步"),
        "AC39": ("nursing elderly bath feeding", "护理 养老 老人 喂饭 洗浴"),
        "AP11": ("farm picking fruit harvest strawberry", "农业 采摘 水果 草莓 农场"),
        "AP21": ("scrubber sweeper floor mall station", "洗地机 扫地 清扫 保洁 商场 地面"),
        "AP22": ("facade curtain wall glass building", "幕墙 外墙 玻璃 高空 清洗"),
        "AP29": ("solar panel photovoltaic hull pool", "光伏 太阳能 电站 清扫"),
        "AP31": ("inspection substation power plant patrol gauge", "巡检 变电站 电力 电站 仪表"),
        "AP39": ("inspection tunnel mine", "巡检 隧道 矿山"),
        "AP52": (
            "delivery hotel restaurant hospital waiter room service tray",
            "送餐 配送 送物 传菜 酒店 餐厅 医院 送药",
        ),
        "AP62": ("surgery surgical operation medical", "手术 医疗 医院"),
        "AP63": ("rehabilitation therapy massage physiotherapy medical", "康复 理疗 按摩 医疗 医院"),
        "AP71": ("fire fighting rescue disaster", "消防 灭火 救援 应急"),
        "AP72": ("security guard patrol surveillance", "安防 巡逻 保安 园区"),
        "AP81": ("coffee barista cooking kitchen ice cream drink bar", "咖啡 炒菜 厨房 奶茶 冰淇淋 做饭 调酒"),
        "AP82": ("reception guide greeter telepresence lobby museum", "迎宾 导览 讲解 接待 大堂 问询"),
        "ISO-PA": ("exoskeleton lifting waist assist", "助力 搬运 外骨骼 腰部"),
        "ISO-PC": ("people mover carrier ride", "载人 代步"),
        "XC2": ("sensor camera lidar depth", "传感器 相机 雷达 视觉"),
        "XF1": ("humanoid biped general purpose", "人形 双足 通用 仿人"),
        "XF2": ("robot dog quadruped legged", "机器狗 四足 机械狗"),
        "XF4": ("mobile manipulator arm on wheels", "移动机械臂 复合机器人 抓取"),
        "XF5": ("cobot collaborative arm", "协作臂 机械臂 机械手"),
        "XF6": ("exoskeleton wearable walking hiking", "外骨骼 穿戴 助行 登山"),
        "XF7": ("dexterous hand gripper fingers prosthetic", "灵巧手 机械手 夹爪 仿生手"),
        "XF8": ("underwater boat water cleaning surface", "水下 无人船 水面 打捞"),
        "XF9": ("climbing wall tank magnetic", "爬壁 攀爬 储罐 船体"),
    }
)
"""English words, Chinese words; the most telling first."""
UNTELLING = ("AP3", "AP5", "AC3")
"""Kinds whose parts have names that tell nothing without the kind's own, such as `Indoor, with public traffic`."""


def full_name(name: tuple[str, str], parent: str | None, above: tuple[str, str]) -> tuple[str, str]:
    """The English and Chinese name of a kind; one that tells nothing by itself stands behind the one above it."""
    if parent not in UNTELLING:
        return name
    return f"{above[0]}: {name[0][:1].lower()}{name[0][1:]}", f"{above[1]}：{name[1]}"
