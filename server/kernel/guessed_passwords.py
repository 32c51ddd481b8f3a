"""Words that the commonest passwords are made of.

Provenance: written down from general knowledge of what published studies of leaked passwords report again and again
(English, pinyin, sports, names, brands, keyboards); no list was copied. `server.kernel.passwords` reads a password with
figures and signs at its ends, in leet and doubled as the word itself, so that a word here stands for many passwords.
"""

GUESSED = frozenset(
    """
    password passwort passwd passw0rd pass word passcode passphrase mypass mypassword yourpassword newpassword
    oldpassword thepassword password123 passwordpassword passpass letmein letmeinnow openup opensesame sesame welcome
    welcomehome welcomeback hello hellohello helloworld hello123 hellokitty login logmein signin access accessdenied
    admin administrator adminadmin root toor superuser superman system sysadmin operator manager master default
    changeme changeit changethis change secret topsecret mysecret private security secure guest user username test
    tester testing testtest testing123 temp temporary tempo demo sample example trial
    qwerty qwertyui qwertyuiop qwert asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc wsxedc azerty qweasd
    qweasdzxc qwaszx asdasd asdasdasd zxczxc qweqwe qweqweqwe adgjmptw poiuytrewq lkjhgfdsa mnbvcxz
    iloveyou iloveu iloveme ilovegod ilovemom ilovemymom ilovejesus ilovehim iloveher lovelove loveme loveyou lovely
    lover lovers loveless truelove mylove babylove sweetlove love forever foreverlove together always sweetheart
    sweetie sweety honey honeybee baby babygirl babyboy babydoll babyface babylon darling angel angels angelica
    angelina angelito princess princesa prince queen king kings kingdom kingkong beautiful beauty pretty gorgeous
    cutie cutiepie sexy sexygirl sexybaby sexyboy sexymama hotgirl hotboy hottie playboy playgirl player playstation
    nintendo pokemon pikachu mario luigi zelda sonic minecraft roblox fortnite starcraft warcraft callofduty
    halflife counter counterstrike matrix terminator predator alien aliens starwars startrek darthvader skywalker
    jedi yoda chewbacca hansolo gandalf frodo bilbo hobbit lordoftherings harrypotter hogwarts dumbledore voldemort
    batman spiderman superwoman wonderwoman ironman wolverine punisher avenger avengers captain captainamerica hulk
    joker gotham catwoman deadpool marvel xmen simpsons homer bart southpark futurama scooby scoobydoo snoopy garfield
    mickey mickeymouse minnie donald donaldduck goofy disney tweety tweetybird tigger winnie poohbear pooh nemo shrek
    spongebob stitch bambi dumbo cinderella tinkerbell barbie
    dragon dragons dragonball dragonfly monster monkey monkeys monkeyman tiger tigers lion lions lioness panther
    panthers eagle eagles falcon falcons hawk hawks phoenix bear bears teddy teddybear wolf wolves wolfman werewolf
    fox foxes rabbit bunny mouse rat cat cats kitty kitten kittens kittycat dog dogs doggie doggy puppy puppies horse
    horses pony ponies unicorn dolphin dolphins shark sharks whale penguin penguins turtle turtles snake viper cobra
    python spider scorpion bee butterfly ladybug chicken duck ducky piglet cow buffalo bull bulls bulldog bulldogs
    rottweiler pitbull cougar jaguar puma leopard cheetah panda koala giraffe elephant camel goat sheep ram rams
    rooster raven ravens cardinal cardinals oriole bluebird swordfish starfish jellyfish catfish
    football soccer futbol baseball basketball softball volleyball hockey tennis golf golfer cricket rugby swimming
    swimmer surfing surfer skate skater skateboard snowboard boxing wrestling racing runner running cycling fishing
    fisherman hunting hunter archery cheer cheerleader dance dancer dancing ballet gymnast
    liverpool liverpoolfc arsenal arsenalfc chelsea chelseafc manchester manutd manunited everton tottenham spurs
    celtic rangers barcelona barca realmadrid juventus milan inter ajax benfica porto flamengo corinthians palmeiras
    steelers cowboys raiders packers patriots giants broncos redskins yankees redsox dodgers cubs mets braves phillies
    lakers celtics knicks heat spartans trojans gators longhorns buckeyes wolverines tarheels bluedevils hurricanes
    maradona ronaldo ronaldinho messi beckham rooney gerrard torres zidane kobe jordan jordan23 lebron shaq
    sunshine sunflower sunset sunrise sunny moon moonlight moonshine star stars stardust starlight galaxy universe
    planet earth heaven heavenly hell hellfire fire firefire fireman firebird firefly water waterfall ocean river
    lake beach island paradise summer summertime winter spring autumn snow snowball snowflake snowman rain rainbow
    rainbows rainy storm stormy thunder lightning hurricane tornado shadow shadows darkness dark darkside night
    midnight nightmare daylight morning goodmorning goodnight
    flower flowers rose roses rosebud daisy lily tulip orchid jasmine cherry cherries apple apples banana bananas
    orange oranges lemon peach peaches strawberry blueberry pineapple mango coconut watermelon pumpkin tomato potato
    carrot pepper peppers garlic onion ginger cinnamon vanilla chocolate chocolat candy candyman candygirl sugar
    cookie cookies cupcake brownie muffin pancake pizza burger hamburger cheese cheesecake butter butterfingers
    peanut peanuts jelly icecream coffee tea milk whiskey vodka tequila corona heineken guinness budweiser beer
    cocacola coke pepsi mountaindew drpepper sprite redbull snickers skittles oreo nutella
    red green blue yellow purple pink black white silver golden gold bluesky redred greenday blackcat whitecat
    blackjack blackberry blackbird blackrose blackhole blackpink pinkpink purplerain
    michael michelle michele matthew mathew andrew anthony joshua jessica jennifer jonathan christopher christian
    christina christine nicholas nicole nathan natalie natasha daniel daniela danielle david robert roberto richard
    ricardo charles charlie charlotte thomas tommy timothy william william1 patrick patricia alexander alexandra
    alexandre alexandru alexis alejandro alejandra andrea andreea andres antonio amanda ashley ashleigh austin
    barbara benjamin bethany brandon brandy brian brianna brittany bradley cameron carlos carolina caroline cassie
    catherine katherine kathleen katrina chelsea1 chester claudia courtney crystal cynthia dakota denise dennis diana
    diamond dominic dominique eduardo edward elizabeth emily emmanuel eric erica estrella fernanda fernando francis
    francisco frank frankie freddy gabriel gabriela gabrielle george gerald gloria gregory guadalupe hannah harley
    harold heather helen henry isabel isabella isabelle jackson jacob jackie james jamie janet jasper jeffrey jeremy
    jessie joanna john johnny jonny johnson johnathan jose joseph josephine juan julia julian juliana justin karen
    kathy katie kelly kelsey kenneth kevin kimberly kristen kristina laura lauren leonardo linda lindsay lindsey lisa
    lorenzo louise lucas lucky lucky7 luis madison marcus margaret maria mariah mariana marie marina marissa mark
    martha martin martina mary matt maverick max maxwell melanie melissa mercedes miguel miranda monica morgan
    mohammed mohamed muhammad nancy norman oliver olivia oscar pamela paul peter philip phillip rachel raymond rebecca
    ronald russell ryan samantha sammy samuel sandra sara sarah scott sebastian sergio sharon shannon shirley sierra
    sophia sophie stella stephanie stephen steven steve stewart susan sydney tanya taylor teresa theresa thompson
    tiffany tony travis trevor tristan tyler valentin valentina valeria vanessa veronica vicky victor victoria
    vincent violet virginia walter wendy wesley whitney yolanda yvonne zachary
    family mother motherfucker father daddy daddysgirl mommy mama mamapapa papa brother brothers sister sisters
    friend friends bestfriend friendship boyfriend girlfriend husband wife children grandma grandpa cousin
    jesus jesuschrist christ christian1 jehovah allah bismillah alhamdulillah god godisgood godislove godfather
    goddess blessed blessing faith faithful hope grace gracie spirit holyspirit heaven1 church bible prayer amen
    mercy trust trustno trustnoone trustno1 believe miracle destiny freedom liberty justice peace peaceful happy
    happiness happyday happyfeet happydays smile smiley lucky1 success winner winning victory champion champions
    warrior warriors soldier army navy marines airforce ranger sniper assassin killer murder death deadman demon
    devil devils satan lucifer vampire zombie ghost spooky witch wizard magic magician mystery fantasy dream dreamer
    dreams nirvana metallica slipknot acdc ironmaiden megadeth pantera rammstein linkinpark greenday1 blink182
    eminem tupac rihanna beyonce britney madonna michaeljackson elvis beatles rolling rollingstones pinkfloyd
    ledzeppelin queen1 abba u2 bobmarley marley reggae hiphop hiphop1 rapper rockstar rocknroll rockyou rocky rockon
    music musica musical musician guitar guitarist bass drummer drums piano violin singer singing karaoke techno
    computer computers internet google facebook youtube twitter instagram whatsapp linkedin myspace hotmail gmail
    yahoo microsoft windows windows7 windowsxp apple1 macintosh iphone ipad android samsung galaxy1 nokia motorola
    sony toshiba dell lenovo huawei xiaomi intel linux ubuntu debian unix oracle server database network cisco
    hacker hackers cheater wordpass keyboard mouse1 monitor laptop desktop website webmaster
    mustang mustang1 ferrari porsche lamborghini maserati mercedes1 corvette camaro chevrolet chevy ford dodge toyota
    honda nissan subaru yamaha suzuki kawasaki ducati harleydavidson harley1 bmw audi volkswagen volvo jaguar1 lexus
    mazda fiat ferrari1 truck trucker truckers driver racer racecar nascar dale dale3 formula formula1
    america american usa canada canadian mexico mexican brazil brasil argentina colombia chile england london
    british britain scotland ireland irish france french paris germany german deutschland berlin italy italia roma
    spain espana madrid portugal lisboa russia russian moscow moskva ukraine poland polska china chinese beijing
    shanghai guangzhou canton shenzhen hongkong taiwan japan japanese tokyo korea korean seoul india indian bombay
    thailand bangkok vietnam indonesia philippines pilipinas malaysia singapore australia sydney1 africa egypt nigeria
    newyork newyorkcity losangeles lasvegas california texas florida chicago boston dallas denver houston phoenix1
    atlanta detroit miami seattle hollywood brooklyn
    woaini woaiwo woaiwojia woaimama woaibaba woaizhongguo wodemima mima zhongguo zhonghua aini aiwojia nihao woshishui
    wangba caonima tamade laopo laogong baobao baobei xiaoxiao xiaoming xiaolong zhangwei wangwei liwei zhangsan lisi
    wangwu asd asdqwe abc abcd abcde abcdef abcdefg abcdefgh abcabc abcabcabc aaa bbb xxx zzz qqq www asdfasdf
    qwerqwer zxcvzxcv wasd wasdwasd
    canton cantonfair fair fairzone tradefair tradeshow exhibition exhibitor expo booth booths organiser organizer
    official buyer buyers seller supplier visitor robot robots robotics robotzone servicerobot servicerobots zone
    company business office work working worker workhard money moneymoney moneyman cash dollar dollars million
    millionaire billion rich boss bigboss thebest number numberone noone nobody somebody anybody someone something
    anything nothing everything whatever whatsup whatthe fuck fucker fucking fuckme fuckoff fuckyou fuckyou2 fuckthis
    fuckfuck shit bullshit asshole bastard bitch bitches bitchass biteme suckit sucker sucks pussy pussycat dick
    dickhead bigdick cock cocks cumshot boobs booty bigtits tits naked nudes porn porno hardcore hardon penis vagina
    lesbian blowme blowjob slut whore stupid idiot dumbass loser retard crazy crazyman psycho insane maniac freak
    weird cool coolman coolcool coolio awesome amazing fantastic perfect special super superstar supernova superhero
    legend legendary hero heroes ninja samurai pirate pirates viking vikings knight knights gladiator spartan titan
    titans zeus apollo athena hercules achilles odin thor loki venus mercury jupiter saturn neptune pluto mars
    scorpio gemini taurus libra virgo aries pisces aquarius sagittarius capricorn leo cancer
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday birthday happybirthday christmas xmas newyear halloween easter valentine
    school student teacher college university doctor nurse lawyer police policeman engineer pilot sailor cowboy
    cowgirl gangster gangsta thuglife mafia scarface godfather1 alcapone pablo escobar narcos
    letsgo gogogo comeon please thankyou sorry goodbye byebye seeyou missyou imissyou kissme kisses hugs hugme
    holdme touchme killme helpme saveme remember forget forgetme forgetit whatever1 nopassword nopass none null
    undefined unknown blank empty
    estrellas tequiero teamo teamomucho miamor amor amorcito corazon bonita hermosa chiquita mariposa princesita
    jesucristo diosesamor contrasena contraseña hola holahola bienvenido senha felicidade familia saudade beijos
    motdepasse bonjour soleil chouchou doudou loulou azertyuiop coucou marseille hallo hallohallo schatz schatzi
    sommer ficken passwort1 geheim willkommen fussball hamburg frankfurt parola parol privet lyubov natasha1 haslo
    wachtwoord welkom voetbal salasana losenord adgangskode sifre heslo jelszo parola1 kennwort ciao ciaociao
    juventus1 forzamilan napoli amore amoremio tesoro
    """.split()  # noqa: SIM905 - a thousand words are read as words, not as a thousand strings
)
